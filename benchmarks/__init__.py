"""The measurements that README and docs quote: `python -m benchmarks [quality|folds|speed|rivals|scale]`."""

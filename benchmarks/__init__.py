"""The measurements that README and docs quote: `python -m benchmarks [quality|speed|rivals|scale]`."""

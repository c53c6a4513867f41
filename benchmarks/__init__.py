"""The measurements that README and docs quote: `python -m benchmarks --data ../shared/data`."""

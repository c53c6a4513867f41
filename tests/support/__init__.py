"""What tests share: texts, packs, pages, browsers and servers to test with."""

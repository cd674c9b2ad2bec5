"""One catalogue a language: `<language>.po`, English sentences as keys."""

"""Models of who agrees with what, one file each; `preferences.fitting` registers them."""

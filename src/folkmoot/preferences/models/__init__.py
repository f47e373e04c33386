"""Models of who agrees with what, one file each; `preferences.choose` registers them."""

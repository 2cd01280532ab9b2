"""`aspoktatas doctor`: each part of the installation tried for real, told in plain words. Nothing is changed."""

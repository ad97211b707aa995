"""Each kind of evidence beside the certificate, a file each: whatever file here has a `KIND` is one."""

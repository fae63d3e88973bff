package export

// ReadAtMost is Read with another limit for the whole file.
var ReadAtMost = read

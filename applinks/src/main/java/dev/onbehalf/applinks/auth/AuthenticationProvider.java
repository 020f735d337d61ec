package dev.onbehalf.applinks.auth;

/** A way to authenticate requests to a linked application; its subtypes serve as class tokens. */
public interface AuthenticationProvider {}

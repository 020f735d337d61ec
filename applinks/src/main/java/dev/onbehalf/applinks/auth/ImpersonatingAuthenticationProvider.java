package dev.onbehalf.applinks.auth;

/** A way that makes requests run as the acting person. */
public interface ImpersonatingAuthenticationProvider extends AuthenticationProvider {}

package dev.onbehalf.applinks.auth;

/** A way that makes requests run as whom the peer has configured, whoever acts here. */
public interface NonImpersonatingAuthenticationProvider extends AuthenticationProvider {}

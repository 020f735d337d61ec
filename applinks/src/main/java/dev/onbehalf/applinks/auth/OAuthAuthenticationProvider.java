package dev.onbehalf.applinks.auth;

/** Three-legged OAuth 1.0a: with a token the person has granted (RFC 5849 section 2). */
public interface OAuthAuthenticationProvider extends ImpersonatingAuthenticationProvider {}

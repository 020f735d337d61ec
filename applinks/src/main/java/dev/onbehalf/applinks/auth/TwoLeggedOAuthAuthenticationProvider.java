package dev.onbehalf.applinks.auth;

/** Two-legged OAuth: signed with an empty token (spec {@code applinks-oauth.md} section 4). */
public interface TwoLeggedOAuthAuthenticationProvider
    extends NonImpersonatingAuthenticationProvider {}

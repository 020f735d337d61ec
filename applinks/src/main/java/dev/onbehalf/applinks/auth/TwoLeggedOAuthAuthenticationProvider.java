package dev.onbehalf.applinks.auth;

/** Two-legged OAuth: signed with an empty token ({@code docs/peer-facts.md} 1.10). */
public interface TwoLeggedOAuthAuthenticationProvider
    extends NonImpersonatingAuthenticationProvider {}

package dev.onbehalf.applinks.auth;

/**
 * Two-legged OAuth that names the person in {@code xoauth_requestor_id} ({@code docs/peer-facts.md}
 * 1.10).
 */
public interface TwoLeggedOAuthWithImpersonationAuthenticationProvider
    extends ImpersonatingAuthenticationProvider {}

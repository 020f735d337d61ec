package dev.onbehalf.applinks.auth;

/**
 * Two-legged OAuth that names the person in {@code xoauth_requestor_id} (spec {@code
 * applinks-oauth.md} section 4).
 */
public interface TwoLeggedOAuthWithImpersonationAuthenticationProvider
    extends ImpersonatingAuthenticationProvider {}

package dev.onbehalf.server.config;

import java.time.Duration;

/**
 * Lifetimes of the OAuth provider ({@code applinks-oauth.md} sections 1.7 and 2.3).
 *
 * @param timestampWindow how far a request's timestamp may be off, either way
 * @param requestTokenLife life of a request token
 * @param accessTokenLife life of an access token
 * @param sessionLife how long after its last renewal a token may be renewed
 * @param idleLimit how long an access token may stay unused
 */
public record ProviderConfig(
    Duration timestampWindow,
    Duration requestTokenLife,
    Duration accessTokenLife,
    Duration sessionLife,
    Duration idleLimit) {}

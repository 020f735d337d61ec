package dev.onbehalf.server.access;

import org.jspecify.annotations.Nullable;

/**
 * A signed request that was refused, for the administrator's diagnosis; nothing of it is verified.
 *
 * @param request the request as it came
 * @param problem OAuth problem code, such as {@code signature_invalid}
 * @param detail one sentence that goes with it; null for none
 * @param consumerKey the consumer it names; null where it names none
 */
public record RefusedRequest(
    SignedRequest request, String problem, @Nullable String detail, @Nullable String consumerKey) {}

package dev.onbehalf.server.access;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it reached the listener, before anything was concluded from it.
 *
 * @param peer the other end of the connection
 * @param trusted whether {@code peer} is one of the trusted proxies
 * @param host the {@code Host} header or its HTTP/2 counterpart; null where there is none
 * @param rawPath raw path, context path included
 * @param rawQuery raw query; null where there is none
 * @param forwarding lines that proxies add ({@code Forwarded}, {@code X-Forwarded-…}) by lower-case
 *     name
 */
public record RawArrival(
    InetAddress peer,
    boolean trusted,
    @Nullable String host,
    String rawPath,
    @Nullable String rawQuery,
    Map<String, List<String>> forwarding) {}

package dev.onbehalf.server.web;

import dev.onbehalf.server.config.PublicUrl;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request to one of our own pages or endpoints, its small body read.
 *
 * @param id request id
 * @param application name of the application on whose URL it arrived; null on the administrator
 *     listener
 * @param publicUrl public URL of that application
 * @param urls the URLs it may have been signed for, without query, the configured one first
 * @param method HTTP method, upper case
 * @param path raw path after the context path, starting with a slash
 * @param rawQuery raw query; null where there is none
 * @param headers header values in order, by lower-case name
 * @param body the body, empty where there is none
 * @param remoteAddress the client's address, through trusted proxies
 */
@SuppressWarnings("ArrayRecordComponent")
public record WebRequest(
    String id,
    @Nullable String application,
    PublicUrl publicUrl,
    List<String> urls,
    String method,
    String path,
    @Nullable String rawQuery,
    Map<String, List<String>> headers,
    byte[] body,
    String remoteAddress) {

  /** Returns the raw path with the raw query, as it was asked for after the context path. */
  public String pathAndQuery() {
    return rawQuery == null ? path : path + "?" + rawQuery;
  }

  /** Returns the first value of a header, by its name in any case. */
  public Optional<String> header(String name) {
    List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
    return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
  }

  /** Returns all values of a header, by its name in any case. */
  public List<String> headerValues(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  /** Whether the body is a form ({@code application/x-www-form-urlencoded}). */
  public boolean hasForm() {
    return header("content-type")
        .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
        .filter("application/x-www-form-urlencoded"::equals)
        .isPresent();
  }
}

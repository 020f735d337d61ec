package dev.onbehalf.server.web;

import dev.onbehalf.server.config.PublicUrl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the listener found out about a request before it reached our own pages.
 *
 * @param requestId request id, printable ASCII
 * @param application name of the application on whose URL it arrived; null on the administrator
 *     listener
 * @param publicUrl public URL of that application
 * @param urls the URLs it may have been signed for, without query, the configured one first
 * @param path raw path after the context path, starting with a slash
 * @param rawQuery raw query; null where there is none
 * @param remoteAddress the client's address, through trusted proxies
 */
public record Arrival(
    String requestId,
    @Nullable String application,
    PublicUrl publicUrl,
    List<String> urls,
    String path,
    @Nullable String rawQuery,
    String remoteAddress) {

  public Arrival {
    urls = List.copyOf(urls);
  }
}

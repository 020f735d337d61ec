package dev.onbehalf.server.access;

import dev.onbehalf.server.web.WebRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the check of a signature needs of a request, raw as it came.
 *
 * @param id request id
 * @param application name of the application it is for
 * @param method HTTP method
 * @param urls the URLs it may have been signed for, without query, the configured one first
 * @param rawQuery raw query; null where there is none
 * @param authorization values of its {@code Authorization} headers, in order
 * @param form its whole body if that is {@code application/x-www-form-urlencoded}; else null
 * @param remoteAddress the client's address
 */
@SuppressWarnings("ArrayRecordComponent")
public record SignedRequest(
    String id,
    String application,
    String method,
    List<String> urls,
    @Nullable String rawQuery,
    List<String> authorization,
    byte @Nullable [] form,
    String remoteAddress) {

  /** Takes it from a request to a page or endpoint of ours. */
  public static SignedRequest of(WebRequest request, String application) {
    return new SignedRequest(
        request.id(),
        application,
        request.method(),
        request.urls(),
        request.rawQuery(),
        request.headerValues("authorization"),
        request.hasForm() ? request.body() : null,
        request.remoteAddress());
  }
}

package dev.onbehalf.server.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers what is not HTTP with one sentence that shows nothing of what was sent. */
final class GatewayErrors implements Request.Handler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    String sentence =
        switch (status) {
          case 400 -> "The request is not sound HTTP.";
          case 408 -> "The request did not arrive in time.";
          case 413 -> "The request is too large.";
          case 414, 431 -> "The request line and headers are too large.";
          case 505 -> "This version of HTTP is not supported.";
          default -> status < 500 ? "The request cannot be served." : "The request failed.";
        };
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    byte[] body = (sentence + "\n").getBytes(StandardCharsets.UTF_8);
    headers.put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}

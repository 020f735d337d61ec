package dev.onbehalf.server.gateway;

import dev.onbehalf.server.web.WebAdapter;
import dev.onbehalf.server.web.WebResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** Writes the gateway's own short answers. */
final class Answers {
  private Answers() {}

  /** Answers with one sentence of plain text and the request id. */
  static void sentence(
      Response response, Callback callback, int status, String sentence, String requestId) {
    response.reset();
    plain(response, callback, status, sentence, requestId);
  }

  /** Answers as {@link #sentence} does and closes the connection. */
  static void closing(
      Response response, Callback callback, int status, String sentence, String requestId) {
    response.reset();
    if (response.getRequest().getConnectionMetaData().getHttpVersion().getVersion() < 20) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    plain(response, callback, status, sentence, requestId);
  }

  private static void plain(
      Response response, Callback callback, int status, String sentence, String requestId) {
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(WebAdapter.REQUEST_ID_HEADER, requestId);
    headers.put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    headers.put("X-Content-Type-Options", "nosniff");
    byte[] body = (sentence + "\nRequest: " + requestId + "\n").getBytes(StandardCharsets.UTF_8);
    write(response, callback, status, body);
  }

  /** Answers exactly as a room of ours said, with the request id. */
  static void exact(Response response, Callback callback, WebResponse answer, String requestId) {
    response.reset();
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(WebAdapter.REQUEST_ID_HEADER, requestId);
    answer.headers().forEach(line -> headers.add(line.getKey(), line.getValue()));
    write(response, callback, answer.status(), answer.body());
  }

  /** Sends a browser to another page of ours. */
  static void redirect(Arrived arrived, String location) {
    arrived.response().reset();
    HttpFields.Mutable headers = arrived.response().getHeaders();
    headers.put(HttpHeader.LOCATION, location);
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    write(arrived.response(), arrived.callback(), 303, new byte[0]);
  }

  /** Says to a program that it must prove who it is (RFC 9110 section 15.5.2). */
  static void challenge(Arrived arrived) {
    String realm = arrived.application().config().publicUrl().toString();
    WebResponse answer =
        WebResponse.of(
                401,
                "text/plain; charset=utf-8",
                "Sign in with a browser, sign the request, or send an API token.\nRequest: "
                    + arrived.id()
                    + "\n")
            .with("WWW-Authenticate", "OAuth realm=\"" + realm + "\"")
            .with("Cache-Control", "no-store");
    exact(arrived.response(), arrived.callback(), answer, arrived.id());
  }

  private static void write(Response response, Callback callback, int status, byte[] body) {
    response.setStatus(status);
    if (status != 204 && status != 304) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    }
    boolean bodiless =
        status == 204 || status == 304 || response.getRequest().getMethod().equals("HEAD");
    response.write(true, bodiless ? BufferUtil.EMPTY_BUFFER : ByteBuffer.wrap(body), callback);
  }
}

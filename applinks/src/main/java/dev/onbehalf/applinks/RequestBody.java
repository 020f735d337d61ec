package dev.onbehalf.applinks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The body of a request, repeatable. */
final class RequestBody {
  private static final String FORM = "application/x-www-form-urlencoded";

  static final RequestBody NONE = new RequestBody(null, BodyPublishers::noBody, null);

  private final @Nullable String contentType;
  private final Supplier<BodyPublisher> publisher;
  private final byte @Nullable [] form;

  private RequestBody(
      @Nullable String contentType, Supplier<BodyPublisher> publisher, byte @Nullable [] form) {
    this.contentType = contentType;
    this.publisher = publisher;
    this.form = form;
  }

  @Nullable String contentType() {
    return contentType;
  }

  BodyPublisher open() {
    return publisher.get();
  }

  /** The bytes to be signed, where the body is a form. */
  byte @Nullable [] form() {
    return form;
  }

  boolean isAbsent() {
    return contentType == null;
  }

  static boolean isForm(@Nullable String contentType) {
    return contentType != null
        && contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(FORM);
  }

  static RequestBody text(String text, String contentType) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new RequestBody(
        contentType, () -> BodyPublishers.ofByteArray(bytes), isForm(contentType) ? bytes : null);
  }

  static RequestBody form(List<LinkUrl.Parameter> parameters) {
    return text(LinkUrl.encode(parameters), FORM);
  }

  static RequestBody stream(Supplier<InputStream> body, String contentType) {
    if (isForm(contentType)) {
      throw new IllegalArgumentException(
          "A form is signed, so it cannot be a stream; use addRequestParameters.");
    }
    return new RequestBody(contentType, () -> BodyPublishers.ofInputStream(body), null);
  }

  static RequestBody multipart(List<LinkUrl.Parameter> fields, List<RequestFilePart> files) {
    String boundary = "onbehalf-" + UUID.randomUUID();
    return new RequestBody(
        "multipart/form-data; boundary=" + boundary,
        () -> publisher(boundary, fields, files),
        null);
  }

  private static BodyPublisher publisher(
      String boundary, List<LinkUrl.Parameter> fields, List<RequestFilePart> files) {
    List<BodyPublisher> parts = new ArrayList<>();
    for (LinkUrl.Parameter field : fields) {
      parts.add(text(head(boundary, field.name()) + "\r\n\r\n" + field.value() + "\r\n"));
    }
    for (RequestFilePart file : files) {
      parts.add(
          text(
              head(boundary, file.parameterName())
                  + "; filename=\""
                  + escape(file.fileName())
                  + "\"\r\nContent-Type: "
                  + file.contentType()
                  + "\r\n\r\n"));
      try {
        if (!Files.isReadable(file.file())) {
          throw new IllegalArgumentException("The file " + file.file() + " cannot be read.");
        }
        parts.add(BodyPublishers.ofFile(file.file()));
      } catch (IOException e) {
        throw new UncheckedIOException("The file " + file.file() + " cannot be read.", e);
      }
      parts.add(text("\r\n"));
    }
    parts.add(text("--" + boundary + "--\r\n"));
    return BodyPublishers.concat(parts.toArray(BodyPublisher[]::new));
  }

  private static String head(String boundary, String name) {
    return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + escape(name) + '"';
  }

  private static String escape(String text) {
    return text.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static BodyPublisher text(String text) {
    return BodyPublishers.ofString(text, StandardCharsets.UTF_8);
  }
}

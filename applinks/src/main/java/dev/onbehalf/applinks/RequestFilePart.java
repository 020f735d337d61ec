package dev.onbehalf.applinks;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A file to send as one part of a {@code multipart/form-data} body; read at each execution.
 *
 * @param parameterName name of the form field
 * @param file what is sent
 * @param fileName what the peer is told the file is called
 * @param contentType for example {@code text/plain}
 */
public record RequestFilePart(
    String parameterName, Path file, String fileName, String contentType) {

  public RequestFilePart {
    Objects.requireNonNull(file, "file");
    for (String text : new String[] {parameterName, fileName, contentType}) {
      if (text.isEmpty() || text.chars().anyMatch(c -> c < ' ' || c == 127)) {
        throw new IllegalArgumentException(
            "The names and the type of a file part must not be empty or have control characters.");
      }
    }
  }

  /** Describes a file sent under its own name as {@code application/octet-stream}. */
  public static RequestFilePart of(String parameterName, Path file) {
    Path name = Objects.requireNonNull(file.getFileName(), "file name");
    return new RequestFilePart(parameterName, file, name.toString(), "application/octet-stream");
  }
}

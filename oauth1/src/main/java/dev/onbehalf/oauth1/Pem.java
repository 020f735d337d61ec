package dev.onbehalf.oauth1;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The first PEM block of a text (RFC 7468), or a text of bare Base64, which has no label. */
@SuppressWarnings("ArrayRecordComponent")
record Pem(String label, byte[] content, boolean encrypted) {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  static Pem read(String text, int maxChars) {
    if (text.length() > maxChars) {
      throw new IllegalArgumentException("The text is too long to be a key.");
    }
    if (text.isBlank()) {
      throw new IllegalArgumentException("The key is empty.");
    }
    int begin = text.indexOf(BEGIN);
    if (begin < 0) {
      return new Pem("", decode(text), false);
    }
    int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
    if (labelEnd < 0 || text.substring(begin, labelEnd).indexOf('\n') >= 0) {
      throw new IllegalArgumentException("The PEM text has a broken BEGIN line.");
    }
    String label = text.substring(begin + BEGIN.length(), labelEnd);
    int end = text.indexOf(END + label + DASHES, labelEnd);
    if (end < 0) {
      throw new IllegalArgumentException("The PEM text has no END line for its BEGIN line.");
    }
    String body = text.substring(labelEnd + DASHES.length(), end);
    boolean encrypted = label.startsWith("ENCRYPTED ") || body.contains("ENCRYPTED");
    return new Pem(label, encrypted ? new byte[0] : decode(body), encrypted);
  }

  static String write(String label, byte[] content) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return BEGIN + label + DASHES + '\n' + body + '\n' + END + label + DASHES + '\n';
  }

  private static byte[] decode(String base64) {
    StringBuilder compact = new StringBuilder(base64.length());
    for (int i = 0; i < base64.length(); i++) {
      char c = base64.charAt(i);
      if (!Character.isWhitespace(c)) {
        compact.append(c);
      }
    }
    try {
      return Base64.getDecoder().decode(compact.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("The key is neither PEM nor Base64.", e);
    }
  }

  @Override
  public String toString() {
    return "Pem[" + label + "]";
  }
}

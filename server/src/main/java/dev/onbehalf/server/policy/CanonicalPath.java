package dev.onbehalf.server.policy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a raw path names, for decisions only: the raw path is what is forwarded (RFC 3986 sections
 * 2.1, 5.2.4 and 6.2.2; {@code docs/threat-model.md} attacks 19 to 22).
 *
 * <p>Servers disagree about dot segments, encoded slashes, path parameters, backslashes, empty
 * segments and bytes that are not UTF-8; a path that holds one of these is {@linkplain #ambiguity
 * ambiguous}. An encoded percent sign is not, because CI servers write branch names with it: such a
 * path has two {@linkplain #readings readings}, and a decision must hold for both.
 */
public final class CanonicalPath {
  private static final String DELIMITERS = "/\\;?#";

  private final List<List<String>> readings;
  private final @Nullable String ambiguity;

  private CanonicalPath(List<List<String>> readings, @Nullable String ambiguity) {
    this.readings = List.copyOf(readings);
    this.ambiguity = ambiguity;
  }

  /** Reads a raw path without query; costs no more than its length. */
  public static CanonicalPath of(String rawPath) {
    if (!rawPath.startsWith("/")) {
      return ambiguous("does not start with a slash");
    }
    try {
      List<String> segments = segments(rawPath.substring(1));
      List<List<String>> readings = new ArrayList<>(2);
      readings.add(segments);
      if (rawPath.contains("%25")) {
        List<String> decoded = new ArrayList<>();
        for (String segment : segments) {
          decodeAgain(segment, decoded);
        }
        if (!decoded.equals(segments)) {
          readings.add(List.copyOf(decoded));
        }
      }
      return new CanonicalPath(readings, null);
    } catch (Ambiguous e) {
      return ambiguous(e.reason);
    }
  }

  private static CanonicalPath ambiguous(String reason) {
    return new CanonicalPath(List.of(), "The path " + reason + ", so it could be read two ways.");
  }

  /** Returns one sentence that says why the path could be read two ways; null if it cannot. */
  public @Nullable String ambiguity() {
    return ambiguity;
  }

  /**
   * Returns the decoded segments, without a last empty one; more than one list where servers that
   * decode twice see another path; none where ambiguous.
   */
  public List<List<String>> readings() {
    return readings;
  }

  private static List<String> segments(String path) throws Ambiguous {
    List<String> segments = new ArrayList<>();
    int start = 0;
    while (start < path.length()) {
      int end = path.indexOf('/', start);
      end = end < 0 ? path.length() : end;
      if (end == start) {
        throw new Ambiguous("has an empty segment");
      }
      segments.add(segment(path.substring(start, end)));
      start = end + 1;
    }
    return List.copyOf(segments);
  }

  private static String segment(String raw) throws Ambiguous {
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c <= ' ' || c >= 0x7F) {
        throw new Ambiguous("holds a blank, a control or a wide character that is not encoded");
      }
      if (DELIMITERS.indexOf(c) >= 0) {
        throw new Ambiguous("holds '" + c + "'");
      }
    }
    String decoded = decode(raw);
    requirePlain(decoded);
    for (int i = 0; i < decoded.length(); i++) {
      if (DELIMITERS.indexOf(decoded.charAt(i)) >= 0) {
        throw new Ambiguous("holds an encoded '" + decoded.charAt(i) + "'");
      }
    }
    return decoded;
  }

  /** Reads a segment as a server does that decodes once more than it should. */
  private static void decodeAgain(String segment, List<String> to) throws Ambiguous {
    String decoded = hasEscape(segment) ? decode(segment) : segment;
    if (hasEscape(decoded)) {
      throw new Ambiguous("is encoded three times");
    }
    for (String part : decoded.split("/", -1)) {
      if (part.isEmpty()) {
        throw new Ambiguous("has an empty segment after decoding it twice");
      }
      requirePlain(part);
      if (part.chars().anyMatch(c -> DELIMITERS.indexOf(c) >= 0)) {
        throw new Ambiguous("holds a delimiter that is encoded twice");
      }
      to.add(part);
    }
  }

  private static void requirePlain(String segment) throws Ambiguous {
    if (segment.equals(".") || segment.equals("..")) {
      throw new Ambiguous("has a dot segment");
    }
    if (segment.chars().anyMatch(Character::isISOControl)) {
      throw new Ambiguous("holds a control character");
    }
  }

  private static boolean hasEscape(String text) {
    for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
      if (i + 2 < text.length() && hex(text.charAt(i + 1)) >= 0 && hex(text.charAt(i + 2)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static String decode(String raw) throws Ambiguous {
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    byte[] in = raw.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] != '%') {
        out.put(in[i]);
        continue;
      }
      int high = i + 2 < in.length ? hex((char) in[i + 1]) : -1;
      int low = high < 0 ? -1 : hex((char) in[i + 2]);
      if (low < 0) {
        throw new Ambiguous("holds a percent sign that encodes nothing");
      }
      out.put((byte) (high << 4 | low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(out.flip())
          .toString();
    } catch (CharacterCodingException e) {
      throw new Ambiguous("is not UTF-8");
    }
  }

  private static int hex(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }

  private static final class Ambiguous extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    Ambiguous(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }
  }
}

package dev.onbehalf.oauth1;

/**
 * Reads parameters from a header, a query or a form into a {@link ParameterWriter}, each byte once
 * (RFC 5849 3.4.1.3.1 and 3.5).
 */
final class ParameterParser {
  private static final String SCHEME = "OAuth";

  private final ParameterWriter out;
  private final int maxParameters;

  ParameterParser(ParameterWriter out, int maxParameters) {
    this.out = out;
    this.maxParameters = maxParameters;
  }

  /** Says whether a header value names the OAuth scheme. */
  static boolean isOAuth(String header) {
    int end = SCHEME.length();
    return header.regionMatches(true, 0, SCHEME, 0, end)
        && (header.length() == end || isBlank((byte) header.charAt(end)));
  }

  /** Copies ASCII text. */
  static void copy(String text, byte[] to, String place) {
    int seen = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      seen |= c;
      to[i] = (byte) c;
    }
    if (seen > 127) {
      throw malformed("The " + place + " has a character outside ASCII; it must be encoded.");
    }
  }

  /** Reads a header value that {@link #isOAuth}. */
  void readHeader(byte[] in, int length, int maxHeaderParameters) {
    int i = SCHEME.length();
    int last = out.count() + maxHeaderParameters;
    while (true) {
      while (i < length && (isBlank(in[i]) || in[i] == ',')) {
        i++;
      }
      if (i == length) {
        return;
      }
      if (out.count() >= last) {
        throw malformed("The Authorization header has more parameters than this server reads.");
      }
      i = readHeaderParameter(in, i, length);
      i = skipBlanks(in, i, length);
      if (i < length && in[i] != ',') {
        throw malformedHeader("a comma is missing", i);
      }
    }
  }

  private int readHeaderParameter(byte[] in, int start, int length) {
    begin();
    int i = start;
    while (true) {
      i = out.appendUnreserved(in, i, length);
      if (i < length && in[i] == '%') {
        i = appendEscape(in, i, length);
      } else {
        break;
      }
    }
    if (i == start) {
      throw malformedHeader("a parameter name is missing", i);
    }
    out.endName();
    i = skipBlanks(in, i, length);
    if (i == length || in[i] != '=') {
      throw malformedHeader("an equals sign is missing", i);
    }
    i = skipBlanks(in, i + 1, length);
    if (i == length || in[i] != '"') {
      throw malformedHeader("a quotation mark is missing", i);
    }
    i++;
    if (out.pendingNameIs("realm")) {
      out.abandon();
      return skipQuoted(in, i, length);
    }
    while (i < length) {
      byte b = in[i];
      if (PercentEncoding.isUnreserved(b)) {
        i = out.appendUnreserved(in, i, length);
      } else if (b == '"') {
        end();
        return i + 1;
      } else if (b == '%') {
        i = appendEscape(in, i, length);
      } else if (b <= ' ' || b == '\\' || b == 127) {
        throw malformedHeader("a value has a character that must be encoded", i);
      } else {
        out.append(b);
        i++;
      }
    }
    throw malformedHeader("a quotation mark is missing", i);
  }

  private static int skipQuoted(byte[] in, int start, int length) {
    int i = start;
    while (i < length) {
      byte b = in[i++];
      if (b == '"') {
        return i;
      }
      if (b == '\\') {
        i++;
      }
    }
    throw malformedHeader("a quotation mark is missing", length);
  }

  /** Reads a query or a form. */
  void readForm(byte[] in, int length) {
    int i = 0;
    while (i < length) {
      if (in[i] == '&') {
        i++;
        continue;
      }
      begin();
      boolean inName = true;
      while (i < length && in[i] != '&') {
        byte b = in[i];
        if (PercentEncoding.isUnreserved(b)) {
          i = out.appendUnreserved(in, i, length);
        } else if (b == '%') {
          i = appendEscape(in, i, length);
        } else {
          if (b == '=' && inName) {
            out.endName();
            inName = false;
          } else {
            out.append(b == '+' ? ' ' : b);
          }
          i++;
        }
      }
      if (inName) {
        out.endName();
      }
      end();
    }
  }

  private int appendEscape(byte[] in, int i, int length) {
    int high = i + 2 < length ? PercentEncoding.hexValue(in[i + 1]) : -1;
    int low = i + 2 < length ? PercentEncoding.hexValue(in[i + 2]) : -1;
    if ((high | low) < 0) {
      throw malformed("A percent sign is not followed by two hexadecimal digits.");
    }
    out.append(high << 4 | low);
    return i + 3;
  }

  private void begin() {
    if (out.count() >= maxParameters) {
      throw malformed("The request has more parameters than this server reads.");
    }
    out.beginName();
  }

  private void end() {
    if (!out.endValue()) {
      throw malformed("A parameter is not UTF-8.");
    }
  }

  private static int skipBlanks(byte[] in, int start, int length) {
    int i = start;
    while (i < length && isBlank(in[i])) {
      i++;
    }
    return i;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  static OAuthProblemException malformed(String detail) {
    return new OAuthProblemException(OAuthProblem.PARAMETER_REJECTED, detail);
  }

  private static OAuthProblemException malformedHeader(String what, int at) {
    return malformed(
        "The Authorization header is malformed: " + what + " at character " + at + ".");
  }
}

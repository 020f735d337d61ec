package dev.onbehalf.oauth1;

/**
 * Looks for a parameter whose decoded name is {@code oauth_signature}, without storing anything.
 */
final class SignatureScan {
  private static final String NAME = OAuthParameters.SIGNATURE;

  private SignatureScan() {}

  static boolean finds(String query) {
    int i = 0;
    while (!matchName(query, i)) {
      int next = query.indexOf('&', i);
      if (next < 0) {
        return false;
      }
      i = next + 1;
    }
    return true;
  }

  private static boolean matchName(String in, int start) {
    int i = start;
    for (int k = 0; k < NAME.length(); k++) {
      if (i >= in.length()) {
        return false;
      }
      int c = in.charAt(i++);
      if (c == '%' && i + 1 < in.length()) {
        c = decode(in.charAt(i), in.charAt(i + 1));
        i += 2;
      }
      if (c != NAME.charAt(k)) {
        return false;
      }
    }
    return i == in.length() || in.charAt(i) == '=' || in.charAt(i) == '&';
  }

  static boolean finds(byte[] form) {
    boolean atStart = true;
    for (int i = 0; i < form.length; i++) {
      if (atStart && matchName(form, i)) {
        return true;
      }
      atStart = form[i] == '&';
    }
    return false;
  }

  private static boolean matchName(byte[] in, int start) {
    int i = start;
    for (int k = 0; k < NAME.length(); k++) {
      if (i >= in.length) {
        return false;
      }
      int c = in[i++];
      if (c == '%' && i + 1 < in.length) {
        c = decode(in[i], in[i + 1]);
        i += 2;
      }
      if (c != NAME.charAt(k)) {
        return false;
      }
    }
    return i == in.length || in[i] == '=' || in[i] == '&';
  }

  private static int decode(int high, int low) {
    return high > 127 || low > 127
        ? -1
        : PercentEncoding.hexValue(high) << 4 | PercentEncoding.hexValue(low);
  }
}

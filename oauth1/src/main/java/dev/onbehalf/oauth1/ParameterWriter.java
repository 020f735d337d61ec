package dev.onbehalf.oauth1;

/**
 * Collects parameters for {@link EncodedParameters} in the output of a {@link Scratch}, which
 * nothing else may use until {@link #finish}.
 */
final class ParameterWriter {
  private final Scratch scratch;
  private final Utf8 utf8 = new Utf8();
  private byte[] bytes;
  private int length;

  /** As {@link EncodedParameters} has it. */
  private int[] bounds;

  private int count;

  ParameterWriter(Scratch scratch) {
    this.scratch = scratch;
    this.bytes = scratch.output;
    this.bounds = scratch.order;
  }

  int count() {
    return count;
  }

  EncodedParameters finish() {
    return new EncodedParameters(bytes, length, bounds, count);
  }

  void beginName() {
    if (bounds.length < 2 * count + 2) {
      bounds = scratch.order(2 * count + 2);
    }
    bounds[2 * count] = length;
  }

  void endName() {
    utf8.ascii();
    bounds[2 * count + 1] = length;
    room(1);
    bytes[length++] = 0;
  }

  /**
   * Completes the parameter begun.
   *
   * @return false where its name or value is no UTF-8
   */
  boolean endValue() {
    utf8.ascii();
    count++;
    return utf8.isWellFormed();
  }

  /** Forgets the parameter begun and not completed. */
  void abandon() {
    length = bounds[2 * count];
  }

  /** Says whether the name just ended is {@code lowerCaseName} in any case. */
  boolean pendingNameIs(String lowerCaseName) {
    int start = bounds[2 * count];
    if (bounds[2 * count + 1] - start != lowerCaseName.length()) {
      return false;
    }
    for (int i = 0; i < lowerCaseName.length(); i++) {
      if ((bytes[start + i] | 32) != lowerCaseName.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Appends one decoded byte, encoding it as needed. */
  void append(int b) {
    room(3);
    byte[] out = bytes;
    int o = length;
    if (PercentEncoding.isUnreserved(b)) {
      utf8.ascii();
      out[o] = (byte) b;
      length = o + 1;
    } else {
      utf8.next(b & 0xFF);
      out[o] = '%';
      out[o + 1] = PercentEncoding.hexDigit(b >> 4 & 15);
      out[o + 2] = PercentEncoding.hexDigit(b & 15);
      length = o + 3;
    }
  }

  /** Appends the unreserved characters at the front of a range; returns where they end. */
  int appendUnreserved(byte[] in, int from, int to) {
    room(to - from);
    byte[] out = bytes;
    int o = length;
    int i = from;
    while (i < to && PercentEncoding.isUnreserved(in[i])) {
      out[o++] = in[i++];
    }
    if (i > from) {
      utf8.ascii();
      length = o;
    }
    return i;
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = scratch.output(length + more);
    }
  }
}

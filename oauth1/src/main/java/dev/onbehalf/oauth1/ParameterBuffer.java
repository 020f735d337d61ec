package dev.onbehalf.oauth1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Parameters in canonical percent-encoding, one after another in one array: name, a zero byte,
 * value. A zero byte never occurs inside and sorts before all else, so comparing two such regions
 * orders by encoded name and then by encoded value (RFC 5849 3.4.1.3.2).
 */
final class ParameterBuffer {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int INSERTION_SORT_LIMIT = 12;

  private byte[] bytes;
  private int length;

  /** Start of name and place of the zero byte, for each parameter. */
  private int[] bounds;

  private int count;
  private boolean beyondAscii;

  ParameterBuffer(int byteEstimate, int countEstimate) {
    bytes = new byte[byteEstimate];
    bounds = new int[2 * countEstimate];
  }

  int count() {
    return count;
  }

  int byteCount() {
    return length;
  }

  byte[] array() {
    return bytes;
  }

  int nameStart(int index) {
    return bounds[2 * index];
  }

  int nameEnd(int index) {
    return bounds[2 * index + 1];
  }

  int valueStart(int index) {
    return bounds[2 * index + 1] + 1;
  }

  int end(int index) {
    return index + 1 < count ? bounds[2 * index + 2] : length;
  }

  void beginName() {
    if (2 * count == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * bounds.length + 16);
    }
    bounds[2 * count] = length;
    beyondAscii = false;
  }

  void endName() {
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
    count++;
    return !beyondAscii || isUtf8(count - 1);
  }

  /** Forgets the parameter begun and not completed. */
  void abandon() {
    length = bounds[2 * count];
  }

  int pendingNameStart() {
    return bounds[2 * count];
  }

  int pendingNameEnd() {
    return bounds[2 * count + 1];
  }

  /** Appends one decoded byte, encoding it as needed. */
  void append(int b) {
    room(3);
    if (PercentEncoding.isUnreserved(b)) {
      bytes[length++] = (byte) b;
    } else {
      beyondAscii |= (b & 0x80) != 0;
      bytes[length++] = '%';
      bytes[length++] = PercentEncoding.hexDigit(b >> 4 & 15);
      bytes[length++] = PercentEncoding.hexDigit(b & 15);
    }
  }

  /** Appends the unreserved characters at the front of a range; returns where they end. */
  int appendUnreserved(byte[] in, int from, int to) {
    int i = from;
    while (i < to && PercentEncoding.isUnreserved(in[i])) {
      i++;
    }
    int run = i - from;
    if (run > 0) {
      room(run);
      if (run < 16) {
        for (int k = 0; k < run; k++) {
          bytes[length + k] = in[from + k];
        }
      } else {
        System.arraycopy(in, from, bytes, length, run);
      }
      length += run;
    }
    return i;
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }

  boolean nameIs(int index, String encodedName) {
    return nameEnd(index) - nameStart(index) == encodedName.length()
        && nameStartsWith(index, encodedName);
  }

  boolean nameStartsWith(int index, String encodedPrefix) {
    int start = nameStart(index);
    if (nameEnd(index) - start < encodedPrefix.length()) {
      return false;
    }
    for (int i = 0; i < encodedPrefix.length(); i++) {
      if (bytes[start + i] != encodedPrefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  boolean sameName(int one, int other) {
    return Arrays.equals(
        bytes, nameStart(one), nameEnd(one), bytes, nameStart(other), nameEnd(other));
  }

  String name(int index) {
    return decoded(nameStart(index), nameEnd(index));
  }

  String value(int index) {
    return decoded(valueStart(index), end(index));
  }

  /** The value's length in decoded bytes. */
  int valueLength(int index) {
    int decoded = 0;
    int end = end(index);
    for (int i = valueStart(index); i < end; i++) {
      if (bytes[i] == '%') {
        i += 2;
      }
      decoded++;
    }
    return decoded;
  }

  private String decoded(int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '%') {
        return new String(PercentEncoding.decode(bytes, from, to), StandardCharsets.UTF_8);
      }
    }
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private boolean isUtf8(int index) {
    return isUtf8(nameStart(index), nameEnd(index)) && isUtf8(valueStart(index), end(index));
  }

  private boolean isUtf8(int from, int to) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(PercentEncoding.decode(bytes, from, to)));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Sorts the first {@code size} parameter numbers in {@code scratch.order}. */
  void sort(Scratch scratch, int size) {
    int[] order = scratch.order;
    if (size <= INSERTION_SORT_LIMIT) {
      insertionSort(order, 0, size);
    } else {
      System.arraycopy(order, 0, scratch.merge, 0, size);
      mergeSort(scratch.merge, order, 0, size);
    }
  }

  /** Sorts a range of {@code to}, whose contents {@code from} holds too. */
  private void mergeSort(int[] from, int[] to, int low, int high) {
    if (high - low <= INSERTION_SORT_LIMIT) {
      insertionSort(to, low, high);
      return;
    }
    int middle = (low + high) >>> 1;
    mergeSort(to, from, low, middle);
    mergeSort(to, from, middle, high);
    if (compare(from[middle - 1], from[middle]) <= 0) {
      System.arraycopy(from, low, to, low, high - low);
      return;
    }
    int left = low;
    int right = middle;
    for (int i = low; i < high; i++) {
      if (right >= high || (left < middle && compare(from[left], from[right]) <= 0)) {
        to[i] = from[left++];
      } else {
        to[i] = from[right++];
      }
    }
  }

  private void insertionSort(int[] order, int low, int high) {
    for (int i = low + 1; i < high; i++) {
      int moving = order[i];
      int k = i - 1;
      while (k >= low && compare(order[k], moving) > 0) {
        order[k + 1] = order[k];
        k--;
      }
      order[k + 1] = moving;
    }
  }

  private int compare(int one, int other) {
    int a = bounds[2 * one];
    int b = bounds[2 * other];
    int aEnd = end(one);
    int bEnd = end(other);
    int shared = Math.min(aEnd - a, bEnd - b);
    int i = 0;
    for (; i + 8 <= shared; i += 8) {
      long x = (long) LONGS.get(bytes, a + i);
      long y = (long) LONGS.get(bytes, b + i);
      if (x != y) {
        return Long.compareUnsigned(x, y);
      }
    }
    for (; i < shared; i++) {
      int difference = bytes[a + i] - bytes[b + i];
      if (difference != 0) {
        return difference;
      }
    }
    return (aEnd - a) - (bEnd - b);
  }
}

package dev.onbehalf.oauth1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Parameters in canonical percent-encoding, one after another in one array: name, a zero byte,
 * value. A zero byte never occurs inside and sorts before all else, so comparing two such regions
 * orders by encoded name and then by encoded value (RFC 5849 3.4.1.3.2).
 */
final class EncodedParameters {
  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int INSERTION_SORT_LIMIT = 12;

  private final byte[] bytes;

  /** Start of name and place of the zero byte, for each parameter. */
  private final int[] bounds;

  private final int count;

  /** Copies what a {@link ParameterWriter} has collected. */
  EncodedParameters(byte[] bytes, int length, int[] bounds, int count) {
    this.bytes = Arrays.copyOf(bytes, length);
    this.bounds = Arrays.copyOf(bounds, 2 * count);
    this.count = count;
  }

  int count() {
    return count;
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
    return index + 1 < count ? bounds[2 * index + 2] : bytes.length;
  }

  boolean nameIs(int index, String encodedName) {
    return nameEnd(index) - nameStart(index) == encodedName.length()
        && nameStartsWith(index, encodedName);
  }

  /** The zero byte after a shorter name differs from whatever stands in the prefix. */
  boolean nameStartsWith(int index, String encodedPrefix) {
    int start = nameStart(index);
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

  /** Sorts the first {@code size} parameter numbers in {@code scratch.order}. */
  void sort(Scratch scratch, int size) {
    int[] order = scratch.order;
    if (size <= INSERTION_SORT_LIMIT) {
      insertionSort(order, 0, size);
    } else {
      int[] merge = scratch.merge(size);
      System.arraycopy(order, 0, merge, 0, size);
      mergeSort(merge, order, 0, size);
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

package dev.onbehalf.server.store;

/** A set of longs other than 0, 11 to 32 bytes each; not safe for use by several threads. */
final class LongSet {
  private long[] slots = new long[64];
  private int size;

  /** Adds {@code element}, which must be evenly distributed; returns false if it was there. */
  boolean add(long element) {
    int slot = find(element);
    if (slots[slot] == element) {
      return false;
    }
    slots[slot] = element;
    size++;
    if (size > slots.length / 4 * 3) {
      grow();
    }
    return true;
  }

  boolean contains(long element) {
    return slots[find(element)] == element;
  }

  int size() {
    return size;
  }

  private int find(long element) {
    int mask = slots.length - 1;
    int slot = (int) (element >>> 32) & mask;
    while (slots[slot] != 0 && slots[slot] != element) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[old.length * 2];
    for (long element : old) {
      if (element != 0) {
        slots[find(element)] = element;
      }
    }
  }
}

package dev.onbehalf.oauth1;

/** Holds bytes against the grammar of UTF-8 (RFC 3629 section 4) as they come. */
final class Utf8 {
  private boolean broken;
  private int due;
  private int lowest = 0x80;
  private int highest = 0xBF;

  /** An ASCII character follows, or the end of a text. */
  void ascii() {
    broken |= due != 0;
    due = 0;
  }

  /** A byte of any value follows, 0 to 255. */
  void next(int b) {
    if (due > 0) {
      broken |= b < lowest || b > highest;
      due--;
      lowest = 0x80;
      highest = 0xBF;
    } else if (b >= 0x80) {
      broken |= b < 0xC2 || b > 0xF4;
      due = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
      lowest = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
      highest = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    }
  }

  /** Says whether all texts so far are UTF-8; to be asked after an end. */
  boolean isWellFormed() {
    return !broken;
  }
}

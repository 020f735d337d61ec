package dev.onbehalf.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * An IP address or a block of them in CIDR notation (RFC 4632, RFC 4291), never a host name.
 *
 * @param address the network address, bits behind the prefix zero
 * @param prefixBits how many leading bits count
 */
public record AddressBlock(InetAddress address, int prefixBits) {
  private static final Pattern IPV4 =
      Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");

  /**
   * Reads {@code 10.0.0.1}, {@code 10.0.0.0/8}, {@code ::1} or {@code fd00::/8}.
   *
   * @throws IllegalArgumentException with one sentence, if {@code text} is none
   */
  public static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    if (!IPV4.matcher(host).matches() && !IPV6.matcher(host).matches()) {
      throw fault(text);
    }
    try {
      InetAddress address = InetAddress.getByName(host);
      int all = address.getAddress().length * 8;
      int bits = slash < 0 ? all : prefix(text, text.substring(slash + 1), all);
      AddressBlock block = new AddressBlock(address, bits);
      byte[] network = block.masked(address.getAddress());
      if (!Arrays.equals(network, address.getAddress())) {
        throw new IllegalArgumentException(
            "'"
                + text
                + "' has bits set behind its prefix; write "
                + InetAddress.getByAddress(network).getHostAddress()
                + "/"
                + bits
                + ".");
      }
      return block;
    } catch (UnknownHostException e) {
      throw fault(text);
    }
  }

  /** Whether {@code other} lies in this block; an IPv4-mapped IPv6 address counts as IPv4. */
  public boolean contains(InetAddress other) {
    byte[] bytes = other.getAddress();
    return bytes.length == address.getAddress().length
        && Arrays.equals(masked(bytes), address.getAddress());
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefixBits;
  }

  private byte[] masked(byte[] bytes) {
    byte[] result = bytes.clone();
    for (int bit = prefixBits; bit < result.length * 8; bit++) {
      result[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
    }
    return result;
  }

  private static int prefix(String text, String digits, int all) {
    if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > all) {
      throw fault(text);
    }
    return Integer.parseInt(digits);
  }

  private static IllegalArgumentException fault(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is neither an IP address nor a CIDR block; write one such as 10.0.0.5 or"
            + " 10.0.0.0/8.");
  }
}

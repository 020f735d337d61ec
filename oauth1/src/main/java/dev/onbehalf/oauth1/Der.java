package dev.onbehalf.oauth1;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** The two DER wrappings that turn PKCS#1 keys into what the JDK reads (RFC 8017 A.1, RFC 5958). */
final class Der {
  private static final byte[] RSA_ALGORITHM =
      HexFormat.of().parseHex("300d06092a864886f70d0101010500");
  private static final byte[] VERSION_0 = {2, 1, 0};
  private static final int SEQUENCE = 0x30;
  private static final int BIT_STRING = 3;
  private static final int OCTET_STRING = 4;

  private Der() {}

  static byte[] subjectPublicKeyInfo(byte[] pkcs1) {
    return element(SEQUENCE, RSA_ALGORITHM, element(BIT_STRING, new byte[] {0}, pkcs1));
  }

  static byte[] privateKeyInfo(byte[] pkcs1) {
    return element(SEQUENCE, VERSION_0, RSA_ALGORITHM, element(OCTET_STRING, pkcs1));
  }

  private static byte[] element(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 5);
    out.write(tag);
    if (length < 128) {
      out.write(length);
    } else {
      int lengthBytes = (39 - Integer.numberOfLeadingZeros(length)) / 8;
      out.write(0x80 | lengthBytes);
      for (int i = lengthBytes - 1; i >= 0; i--) {
        out.write(length >> (8 * i));
      }
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}

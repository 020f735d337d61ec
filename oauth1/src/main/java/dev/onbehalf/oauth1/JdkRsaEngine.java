package dev.onbehalf.oauth1;

import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;

/** RSA by this Java: the arithmetic its own signatures use, without their unpadding. */
enum JdkRsaEngine implements RsaEngine {
  INSTANCE;

  @Override
  public PublicOperation publicOperation(RSAPublicKey key) {
    BigInteger modulus = key.getModulus();
    BigInteger exponent = key.getPublicExponent();
    int length = (modulus.bitLength() + 7) / 8;
    return signature -> {
      BigInteger value = new BigInteger(1, signature);
      if (value.compareTo(modulus) >= 0) {
        throw new SignatureException("The signature is not below the modulus.");
      }
      byte[] encoded = value.modPow(exponent, modulus).toByteArray();
      if (encoded.length == length) {
        return encoded;
      }
      byte[] fixed = new byte[length];
      int from = Math.max(0, encoded.length - length);
      int count = encoded.length - from;
      System.arraycopy(encoded, from, fixed, length - count, count);
      return fixed;
    };
  }

  @Override
  public SigningOperation signingOperation(PrivateKey key, SignatureMethod method) {
    return signing(
        new Idle<>(
            () -> {
              Signature signature = Signature.getInstance(method.signatureAlgorithm());
              try {
                signature.initSign(key);
              } catch (InvalidKeyException e) {
                throw new InvalidKeyException("The private key cannot sign by " + method + ".", e);
              }
              return signature;
            }));
  }

  static SigningOperation signing(Idle<Signature> signatures) {
    return text -> {
      Signature signature = signatures.take();
      signature.update(text);
      byte[] signed = signature.sign();
      signatures.give(signature);
      return signed;
    };
  }

  @Override
  public String toString() {
    return "jdk";
  }
}

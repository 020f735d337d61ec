@NullMarked
package dev.onbehalf.server;

import org.jspecify.annotations.NullMarked;

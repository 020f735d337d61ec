/** Why a signature was refused, for the administrator alone; acceptance never tries variants. */
@NullMarked
package dev.onbehalf.server.diagnosis;

import org.jspecify.annotations.NullMarked;

//! SHA-256 (FIPS 180-4), written out: in the hook, and in the bench that runs it on this machine without WebAssembly.

/// The first 32 bits of the fraction of a root.
fn fraction(root: f64) -> u32 {
    (root.fract() * 4_294_967_296.0) as u32
}

/// The constants (FIPS 180-4, 4.2.2 and 5.3.3), from the first 64 primes.
fn constants() -> ([u32; 64], [u32; 8]) {
    let (mut k, mut h) = ([0; 64], [0; 8]);
    let (mut number, mut count) = (2_u32, 0);
    while count < 64 {
        let is_prime = (2..)
            .take_while(|factor| factor * factor <= number)
            .all(|factor| number % factor != 0);
        if is_prime {
            if count < 8 {
                h[count] = fraction(f64::from(number).sqrt());
            }
            k[count] = fraction(f64::from(number).cbrt());
            count += 1;
        }
        number += 1;
    }
    (k, h)
}

fn padded(text: &[u8]) -> Vec<u8> {
    let mut message = text.to_vec();
    message.push(0x80);
    message.resize((text.len() + 8) / 64 * 64 + 56, 0);
    message.extend((text.len() as u64 * 8).to_be_bytes());
    message
}

fn compress(h: &mut [u32; 8], k: &[u32; 64], block: &[u8]) {
    let mut w = [0_u32; 64];
    for (word, bytes) in w.iter_mut().zip(block.chunks_exact(4)) {
        *word = bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
    }
    for i in 16..64 {
        let (x, y) = (w[i - 15], w[i - 2]);
        let s0 = x.rotate_right(7) ^ x.rotate_right(18) ^ (x >> 3);
        let s1 = y.rotate_right(17) ^ y.rotate_right(19) ^ (y >> 10);
        w[i] = w[i - 16].wrapping_add(s0).wrapping_add(w[i - 7]).wrapping_add(s1);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut last] = *h;
    for i in 0..64 {
        let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = (e & f) ^ (!e & g);
        let t1 = last
            .wrapping_add(s1)
            .wrapping_add(choice)
            .wrapping_add(k[i])
            .wrapping_add(w[i]);
        let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let t2 = s0.wrapping_add((a & b) ^ (a & c) ^ (b & c));
        (last, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(t1), c, b, a, t1.wrapping_add(t2));
    }
    for (sum, word) in h.iter_mut().zip([a, b, c, d, e, f, g, last]) {
        *sum = sum.wrapping_add(word);
    }
}

/// The digest as hexadecimal digits.
pub(crate) fn sha256(text: &[u8]) -> String {
    let (k, mut h) = constants();
    for block in padded(text).chunks_exact(64) {
        compress(&mut h, &k, block);
    }
    h.iter().map(|word| format!("{word:08x}")).collect()
}

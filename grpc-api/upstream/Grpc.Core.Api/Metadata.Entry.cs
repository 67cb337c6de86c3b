using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One header or trailer: text, or bytes when its key ends in <c>-bin</c>. Immutable.</summary>
    public class Entry
    {
        private static readonly SearchValues<char> s_keyChars =
            SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz._-");

        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <summary>An entry of bytes.</summary>
        /// <param name="key">Letters, digits and <c>._-</c>, ending in <c>-bin</c>; kept in lower case.</param>
        /// <param name="valueBytes">Copied.</param>
        /// <exception cref="ArgumentException">The key cannot be one of bytes.</exception>
        public Entry(string key, byte[] valueBytes)
        {
            Key = Normalise(key);
            if (!IsBinary)
                throw new ArgumentException($"The key of a binary value must end in {BinaryHeaderSuffix}.", nameof(key));
            ArgumentNullException.ThrowIfNull(valueBytes);
            _bytes = [.. valueBytes];
        }

        /// <summary>An entry of text.</summary>
        /// <param name="key">Letters, digits and <c>._-</c>, not ending in <c>-bin</c>; kept in lower case.</param>
        /// <param name="value">ASCII text.</param>
        /// <exception cref="ArgumentException">The key cannot be one of text.</exception>
        public Entry(string key, string value)
        {
            Key = Normalise(key);
            if (IsBinary)
                throw new ArgumentException($"The key of a text must not end in {BinaryHeaderSuffix}.", nameof(key));
            ArgumentNullException.ThrowIfNull(value);
            _text = value;
        }

        /// <summary>The key in lower case.</summary>
        public string Key { get; }

        /// <summary>Whether the value is bytes, which the key's ending decides.</summary>
        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        /// <summary>The text.</summary>
        /// <exception cref="InvalidOperationException">The value is bytes.</exception>
        public string Value => _text ?? throw new InvalidOperationException($"The value of {Key} is binary.");

        /// <summary>A copy of the bytes, or the ASCII bytes of the text.</summary>
        public byte[] ValueBytes => _bytes is null ? Encoding.ASCII.GetBytes(_text!) : [.. _bytes];

        /// <summary>Key and value, bytes by their number only, for logs.</summary>
        public override string ToString() =>
            _bytes is null ? $"[Entry: key={Key}, value={_text}]" : $"[Entry: key={Key}, {_bytes.Length} bytes]";

        internal bool HasKey(string key) => string.Equals(Key, key, StringComparison.OrdinalIgnoreCase);

        private static string Normalise(string key)
        {
            ArgumentNullException.ThrowIfNull(key);
            var lower = key.ToLowerInvariant();
            if (lower.Length == 0 || lower.AsSpan().ContainsAnyExcept(s_keyChars))
                throw new ArgumentException(
                    $"The key \"{key}\" is not made of letters, digits, full stops, hyphens and underscores.", nameof(key));
            return lower;
        }
    }
}

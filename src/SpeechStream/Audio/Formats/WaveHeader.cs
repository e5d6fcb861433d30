using System.Buffers.Binary;

namespace SpeechStream.Audio.Formats;

/// <summary>The header of a RIFF/WAVE stream. It is read to its end, because the audio doesn't always begin at byte 44 (PROTOCOL 4).</summary>
/// <param name="HeaderBytes">Offset of the first sample.</param>
/// <param name="Format">What the samples are.</param>
/// <param name="DataBytes">Length of the audio in bytes; null when the writer didn't know it. Then the audio lasts to the end of the stream.</param>
/// <param name="MayBeEmpty">The length is 0: the writer didn't know it, or there is no audio, and another chunk follows.</param>
internal readonly record struct WaveHeader(int HeaderBytes, WaveFormat Format, long? DataBytes, bool MayBeEmpty)
{
    private const int RiffBytes = 12;
    private const int ChunkBytes = 8;
    private const int MaxHeaderBytes = 1024 * 1024;

    /// <summary>Whether the first 12 bytes are there and are those of a RIFF/WAVE stream.</summary>
    public static bool LooksLikeWave(ReadOnlySpan<byte> start) => start.Length >= RiffBytes && CanBeWave(start);

    /// <summary>Whether the bytes so far can be the beginning of a RIFF/WAVE stream.</summary>
    public static bool CanBeWave(ReadOnlySpan<byte> start) =>
        (Agrees(start, "RIFF"u8) || Agrees(start, "RF64"u8) || Agrees(start, "BW64"u8)) && (start.Length <= 8 || Agrees(start[8..], "WAVE"u8));

    /// <summary>Reads the header from all bytes so far.</summary>
    /// <param name="prefix">All bytes so far.</param>
    /// <param name="header">What it says, if it is complete.</param>
    /// <param name="isForService">Whether audio that the service doesn't take is refused, and not only a header that contradicts itself.</param>
    /// <returns>False when there are too few bytes: call again with more.</returns>
    /// <exception cref="ArgumentException">The bytes are no header, or the service doesn't take the audio.</exception>
    public static bool TryRead(ReadOnlySpan<byte> prefix, out WaveHeader header, bool isForService = true)
    {
        header = default;
        if (!CanBeWave(prefix))
        {
            throw new ArgumentException("The audio has no WAV header (RIFF). For raw samples set TranscriptionOptions.Format to Pcm.");
        }

        WaveFormat? format = null;

        // Of the chunk before, if its size is odd.
        ReadOnlySpan<byte> lastId = [];
        uint lastSize = 0;
        var lengths = default(WaveLengths);
        long position = RiffBytes;
        while (position + ChunkBytes <= prefix.Length)
        {
            var chunk = prefix[(int)position..];
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            var content = chunk[ChunkBytes..];
            if (lastId.Length > 0 && IsNextChunk(prefix[(int)(position - 1)..]))
            {
                throw Malformed($"its chunk '{Name(lastId)}' of {lastSize} bytes lacks the byte of padding that chunks of odd size have");
            }

            if (Agrees(chunk, "data"u8))
            {
                var headerBytes = (int)position + ChunkBytes;
                header = new WaveHeader(headerBytes, format ?? throw Malformed("its audio comes before its format"), lengths.OfData(size), MayBeEmpty: size == 0);
                return true;
            }

            // A chunk of odd size is followed by one byte of padding.
            position += ChunkBytes + (long)size + (size & 1);
            lastId = (size & 1) == 1 ? chunk[..4] : [];
            lastSize = size;
            if (position > MaxHeaderBytes)
            {
                throw Malformed($"its chunk '{Name(chunk[..4])}' has {size} bytes, and no audio begins within its first {MaxHeaderBytes} bytes");
            }

            if (position > prefix.Length)
            {
                return false;
            }

            if (Agrees(chunk, "fmt "u8))
            {
                format = Check(WaveFormat.Read(content[..(int)size]), isForService);
            }
            else if (Agrees(chunk, "ds64"u8))
            {
                lengths = WaveLengths.Read(content[..(int)size]);
            }
        }

        return false;
    }

    public static ArgumentException EndedWithin(int bytes) =>
        new($"The WAV stream ended within its header, after {bytes} bytes. Give the whole file, or set TranscriptionOptions.Format for raw audio.");

    public static ArgumentException Malformed(string problem) => new($"The WAV header is malformed: {problem}. Make a new file: {WaveFormat.Conversion()}");

    private static WaveFormat Check(WaveFormat format, bool isForService)
    {
        if (isForService)
        {
            format.CheckForService();
        }
        else if (format.IsUncompressed)
        {
            format.CheckSamples();
        }

        return format;
    }

    private static bool IsNextChunk(ReadOnlySpan<byte> bytes) => bytes.StartsWith("data"u8) || bytes.StartsWith("fmt "u8) || bytes.StartsWith("LIST"u8) || bytes.StartsWith("fact"u8);

    /// <summary>As it can be printed.</summary>
    private static string Name(ReadOnlySpan<byte> id) => string.Create(id.Length, id, static (name, id) =>
    {
        for (var i = 0; i < name.Length; i++)
        {
            name[i] = id[i] is >= (byte)' ' and <= (byte)'~' ? (char)id[i] : '?';
        }
    });

    private static bool Agrees(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> name) =>
        bytes[..Math.Min(bytes.Length, name.Length)].SequenceEqual(name[..Math.Min(bytes.Length, name.Length)]);
}

using System.Security.Cryptography;

namespace SpeechStream.Tests.Simulation;

/// <summary>
/// A naive recognizer: a sentence has a given length, its text is the hash of its bytes. Zeros aren't hashed, and a long run of them
/// ends a sentence. Offsets count what was written.
/// </summary>
internal sealed class DigestModel(int bytesPerSecond)
{
    // The audio from the begin of the open sentence on, zeros included.
    private byte[] _audio = new byte[bytesPerSecond];
    private int _length;
    private long _position;
    private int _zeros;
    private int _spoken;
    private int _limit;

    /// <summary>A sentence has begun, at <see cref="Begin"/>.</summary>
    public Action Began { get; set; } = () => { };

    /// <summary>The open sentence has ended, by its length (true) or not. Returns where the next one may begin: before <see cref="End"/>, it begins at once.</summary>
    public Func<bool, long> Ended { get; set; } = _ => long.MaxValue;

    /// <summary>Returns the length in bytes of the sentence that begins.</summary>
    public Func<int> Length { get; set; } = () => 2 * bytesPerSecond;

    public bool IsOpen { get; private set; }

    public long Begin { get; private set; }

    /// <summary>Where the last byte of the sentence that isn't zero ends.</summary>
    public long End { get; private set; }

    private int SilenceBytes => bytesPerSecond * 8 / 10;

    /// <summary>The hash of all bytes that aren't zero.</summary>
    public static string Hash(ReadOnlySpan<byte> audio)
    {
        var zero = audio.IndexOf((byte)0);
        return Convert.ToHexString(SHA256.HashData(zero < 0 ? audio : Spoken(audio)))[..12];
    }

    /// <summary>The hash of a part of the open sentence.</summary>
    public string Hash(long from, long to) => Hash(Audio(from, to));

    /// <summary>How many bytes of a part of the open sentence aren't zero.</summary>
    public int CountSpoken(long from, long to) => (int)(to - from) - Audio(from, to).Count((byte)0);

    public void Write(ReadOnlySpan<byte> audio)
    {
        while (!audio.IsEmpty)
        {
            // A stretch without zeros, within a sentence, is taken at once; the rest sample by sample.
            var zero = audio.IndexOf((byte)0);
            var run = Math.Min(zero < 0 ? audio.Length : zero, _limit - _spoken - 2) & ~1;
            if (!IsOpen || run <= 0)
            {
                Sample(audio[..2]);
                audio = audio[2..];
                continue;
            }

            Append(audio[..run]);
            (_zeros, _spoken, End) = (0, _spoken + run, _position);
            audio = audio[run..];
        }
    }

    public void Complete()
    {
        if (IsOpen)
        {
            Finish(byLength: false);
        }
    }

    private static byte[] Spoken(ReadOnlySpan<byte> audio) => audio.ToArray().Where(value => value != 0).ToArray();

    private ReadOnlySpan<byte> Audio(long from, long to) => _audio.AsSpan((int)(from - Begin), (int)(to - from));

    private void Sample(ReadOnlySpan<byte> sample)
    {
        if (!sample.ContainsAnyExcept((byte)0))
        {
            Append(sample);
            _zeros += sample.Length;
            if (IsOpen && _zeros >= SilenceBytes)
            {
                Finish(byLength: false);
            }

            return;
        }

        if (!IsOpen)
        {
            Open(_position);
        }

        Append(sample);
        (_zeros, _spoken, End) = (0, _spoken + sample.Length, _position);
        if (_spoken >= _limit)
        {
            Finish(byLength: true);
        }
    }

    private void Append(ReadOnlySpan<byte> audio)
    {
        _position += audio.Length;
        if (!IsOpen)
        {
            return;
        }

        if (_length + audio.Length > _audio.Length)
        {
            Array.Resize(ref _audio, 2 * (_length + audio.Length));
        }

        audio.CopyTo(_audio.AsSpan(_length));
        _length += audio.Length;
    }

    private void Open(long begin)
    {
        (IsOpen, Begin, End, _length, _spoken) = (true, begin, begin, 0, 0);
        _limit = Length();
        Began();
    }

    private void Finish(bool byLength)
    {
        var next = Ended(byLength);
        IsOpen = false;
        if (next >= End)
        {
            return;
        }

        var rest = Audio(next, End).ToArray();
        _position = next;
        Open(next);
        _limit += rest.Length;
        Append(rest);
        (_spoken, End) = (CountSpoken(Begin, _position), _position);
    }
}

using System.Security.Cryptography;

namespace SpeechStream.Tests.Simulation;

/// <summary>A naive recogniser: 2 s a sentence, its text the hash of its bytes; zeros aren't hashed, and a long run of them ends a sentence.</summary>
internal sealed class DigestModel(int bytesPerSecond)
{
    private readonly List<byte> _sentence = [];
    private long _position;
    private long _zeros;
    private long _begin = -1;
    private long _end;

    /// <summary>A sentence begins (no text), or has ended: its offsets in what was written.</summary>
    public Action<(long Begin, long End, string? Text)> Found { get; set; } = _ => { };

    private int SentenceBytes => 2 * bytesPerSecond;

    private int SilenceBytes => bytesPerSecond * 8 / 10;

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes))[..12];

    public void Write(ReadOnlySpan<byte> audio)
    {
        while (!audio.IsEmpty)
        {
            // A stretch without zeros, within a sentence, is taken at once; the rest sample by sample.
            var zero = audio.IndexOf((byte)0);
            var run = Math.Min(zero < 0 ? audio.Length : zero, SentenceBytes - _sentence.Count - 2) & ~1;
            if (_begin < 0 || run <= 0)
            {
                Sample(audio[0], audio[1]);
                audio = audio[2..];
                continue;
            }

            _sentence.AddRange(audio[..run]);
            _position += run;
            (_zeros, _end) = (0, _position);
            audio = audio[run..];
        }
    }

    public void Complete()
    {
        if (_begin >= 0 && _sentence.Count > 0)
        {
            End();
        }
    }

    private void Sample(byte low, byte high)
    {
        _position += 2;
        if (low == 0 && high == 0)
        {
            _zeros += 2;
            if (_begin >= 0 && _zeros >= SilenceBytes)
            {
                End();
            }

            return;
        }

        if (_begin < 0)
        {
            _begin = _position - 2;
            Found((_begin, _begin, null));
        }
        _zeros = 0;
        _sentence.Add(low);
        _sentence.Add(high);
        _end = _position;
        if (_sentence.Count >= SentenceBytes)
        {
            End();
        }
    }

    private void End()
    {
        var (begin, end, text) = (_begin, _end, Hash(_sentence.ToArray()));
        _begin = -1;
        _sentence.Clear();
        Found((begin, end, text));
    }
}

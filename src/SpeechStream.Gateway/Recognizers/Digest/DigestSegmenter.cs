using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SpeechStream.Gateway.Recognizers.Digest;

internal enum DigestEventKind
{
    Begin,
    Changed,
    End,
}

/// <summary>Times are ms of task audio.</summary>
internal readonly record struct DigestEvent(DigestEventKind Kind, long BeginTime, long Time, string Text);

/// <summary>Cuts audio into sentences and hashes each. What comes out depends on the bytes alone, not on how they are cut into writes.</summary>
/// <remarks>Sentences begin and end on whole milliseconds: a client that loses its connection sends again from a time it was told, and
/// must then get the same texts. For the same reason the state after a sentence is the state at the start of a task.</remarks>
internal sealed class DigestSegmenter(int sampleRate, bool opaque, bool interim)
{
    private const int SentenceMilliseconds = 2000;
    private const int InterimMilliseconds = 300;
    private const int OpaqueBytesPerMillisecond = 32;
    private static readonly byte[] Zeros = new byte[4096];

    private readonly int _bytesPerMillisecond = opaque ? OpaqueBytesPerMillisecond : sampleRate * sizeof(short) / 1000;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private List<DigestEvent> _events = [];
    private byte? _halfSample;

    /// <summary>Bytes read so far.</summary>
    private long _position;

    /// <summary>The open sentence's first byte; -1 when none is open.</summary>
    private long _begin = -1;

    /// <summary>The end of what is hashed of the open sentence; zeros may wait between it and <see cref="_position"/>.</summary>
    private long _hashed;

    /// <summary>Zero bytes read after <see cref="_hashed"/>: silence or audio, depending on what follows.</summary>
    private long _zeros;

    public int MaxSentenceSilence { get; set; }

    public IReadOnlyList<DigestEvent> TakeEvents()
    {
        if (_events.Count == 0)
        {
            return [];
        }

        var events = _events;
        _events = [];
        return events;
    }

    public void Write(ReadOnlySpan<byte> audio)
    {
        if (opaque)
        {
            Sound(audio);
            return;
        }

        if (_halfSample is { } first && !audio.IsEmpty)
        {
            Samples([first, audio[0]]);
            _halfSample = null;
            audio = audio[1..];
        }

        if (audio.Length % sizeof(short) != 0)
        {
            _halfSample = audio[^1];
            audio = audio[..^1];
        }

        Samples(audio);
    }

    public void Complete()
    {
        if (_zeros > 0)
        {
            EndAtSilence();
        }
        else if (_begin >= 0)
        {
            End();
        }
    }

    private void Samples(ReadOnlySpan<byte> audio)
    {
        while (!audio.IsEmpty)
        {
            var samples = MemoryMarshal.Cast<byte, short>(audio);
            var silent = samples[0] == 0;
            var run = silent ? samples.IndexOfAnyExcept((short)0) : samples.IndexOf((short)0);
            var bytes = run < 0 ? audio.Length : run * sizeof(short);
            if (silent)
            {
                Silence(bytes);
            }
            else
            {
                Sound(audio[..bytes]);
            }

            audio = audio[bytes..];
        }
    }

    private void Silence(int bytes)
    {
        _position += bytes;
        if (_begin < 0)
        {
            return;
        }

        _zeros += bytes;
        if (_zeros >= (long)MaxSentenceSilence * _bytesPerMillisecond)
        {
            EndAtSilence();
        }
    }

    /// <summary>Ends the sentence where the zeros began, or at the end of that millisecond.</summary>
    private void EndAtSilence()
    {
        var pastMillisecond = _hashed % _bytesPerMillisecond;
        HashZeros(pastMillisecond == 0 ? 0 : Math.Min(_zeros, _bytesPerMillisecond - pastMillisecond));
        End();
    }

    private void Sound(ReadOnlySpan<byte> audio)
    {
        while (!audio.IsEmpty)
        {
            if (_zeros > 0)
            {
                HashZeros(Math.Min(_zeros, Room));
                _zeros = 0;
                EndIfFull();
            }

            if (_begin < 0)
            {
                _begin = _position - _position % _bytesPerMillisecond;
                _hashed = _begin;
                Add(DigestEventKind.Begin, "");
                HashZeros(_position - _begin);
            }

            var taken = audio[..(int)Math.Min(audio.Length, Room)];
            Hash(taken);
            _position += taken.Length;
            audio = audio[taken.Length..];
            EndIfFull();
        }
    }

    private long Room => _begin + SentenceMilliseconds * _bytesPerMillisecond - _hashed;

    private void EndIfFull()
    {
        if (_begin >= 0 && Room == 0)
        {
            End();
        }
    }

    private void End()
    {
        Add(DigestEventKind.End, HexOfHash());
        _hash.GetHashAndReset();
        _begin = -1;
        _zeros = 0;
    }

    private void HashZeros(long count)
    {
        for (; count > 0; count -= Math.Min(count, Zeros.Length))
        {
            Hash(Zeros.AsSpan(0, (int)Math.Min(count, Zeros.Length)));
        }
    }

    private void Hash(ReadOnlySpan<byte> bytes)
    {
        var step = InterimMilliseconds * _bytesPerMillisecond;
        while (!bytes.IsEmpty)
        {
            var toNextInterim = step - (int)((_hashed - _begin) % step);
            var taken = bytes[..(interim ? Math.Min(bytes.Length, toNextInterim) : bytes.Length)];
            _hash.AppendData(taken);
            _hashed += taken.Length;
            bytes = bytes[taken.Length..];
            if (interim && taken.Length == toNextInterim)
            {
                Add(DigestEventKind.Changed, HexOfHash()[..(2 * (int)((_hashed - _begin) / step))]);
            }
        }
    }

    private string HexOfHash()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetCurrentHash(hash);
        return Convert.ToHexStringLower(hash[..8]);
    }

    private void Add(DigestEventKind kind, string text) =>
        _events.Add(new DigestEvent(kind, _begin / _bytesPerMillisecond, _hashed / _bytesPerMillisecond, text));
}

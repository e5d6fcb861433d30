using System.Security.Cryptography;
using System.Text.Json;
using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.Resume;

/// <summary>What is final of a recording, in a file beside its output, from which another run goes on after this one was killed.</summary>
internal sealed class Checkpoint
{
    private const int HeadBytes = 64 * 1024;

    // A long transcript takes time to write. No more than this share of the time goes there; what a kill loses so is transcribed again.
    private const int WriteShare = 20;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly TimeProvider _clock = TimeProvider.System;
    private CheckpointContent _content;
    private TimeSpan _lastWrite;
    private long _written;
    private bool _isChanged;

    private Checkpoint(string path, CheckpointContent content) => (_path, _content) = (path, content);

    /// <summary>Reads the checkpoint of an earlier run, or begins one.</summary>
    /// <param name="path">Of the checkpoint.</param>
    /// <param name="file">The recording.</param>
    /// <param name="options">Of this run.</param>
    /// <param name="isResumed">Whether an earlier run counts.</param>
    /// <param name="report">Told why an earlier run doesn't count.</param>
    public static async Task<Checkpoint> OpenAsync(string path, string file, OptionsMark options, bool isResumed, Action<string> report)
    {
        var fresh = new CheckpointContent(await MarkAsync(file).ConfigureAwait(false), options, []);
        if (!isResumed || !File.Exists(path))
        {
            return new Checkpoint(path, fresh);
        }

        var (earlier, problem) = await ReadAsync(path).ConfigureAwait(false) is { } read
            ? (read, read.Input != fresh.Input ? "the recording has changed" : read.Options != options ? "the options are others" : null)
            : (fresh, $"{path} can't be read");
        if (problem is not null)
        {
            report($"{problem}, so it is transcribed from its beginning");
        }

        return new Checkpoint(path, problem is null ? earlier : fresh);
    }

    public bool IsComplete => _content.Channels is [_, ..] channels && channels.All(channel => channel.IsComplete);

    public bool HasFinals => _content.Channels.Any(channel => channel.Finals.Count > 0);

    public int Channels => _content.Channels.Count;

    /// <summary>The finals of a session so far.</summary>
    public IReadOnlyList<SentenceEnd> FinalsOf(int channel) => _content.Channels[channel].Finals;

    public bool IsChannelComplete(int channel) => _content.Channels[channel].IsComplete;

    /// <summary>The sessions begin or go on, each with its number of this order.</summary>
    public void Begin(int channels)
    {
        lock (_lock)
        {
            if (_content.Channels.Count != channels)
            {
                _content = _content with { Channels = [.. Enumerable.Repeat(new ChannelMark(false, []), channels)] };
            }

            WriteNow();
        }
    }

    /// <summary>What happened in a session, of which finals and the end are kept.</summary>
    public void Take(int channel, TranscriptionEvent happened)
    {
        var mark = happened switch
        {
            SentenceEnd final => _content.Channels[channel] with { Finals = [.. FinalsOf(channel), final with { TaskId = "", Latency = null }] },
            TranscriptionCompleted => _content.Channels[channel] with { IsComplete = true },
            _ => null,
        };
        if (mark is null)
        {
            return;
        }

        lock (_lock)
        {
            _content = _content with { Channels = [.. _content.Channels.Select((other, number) => number == channel ? mark : other)] };
            _isChanged = true;
            if (mark.IsComplete || _clock.GetElapsedTime(_written) >= WriteShare * _lastWrite)
            {
                WriteNow();
            }
        }
    }

    /// <summary>Whether the file of this format has all of it.</summary>
    public bool IsWritten(OutputFormat format) => _content.Written?.Contains(format.ToString()) == true;

    public void SetWritten(IReadOnlyList<OutputFormat> formats)
    {
        lock (_lock)
        {
            _content = _content with { Written = [.. (_content.Written ?? []).Union(formats.Select(format => format.ToString()))] };
            WriteNow();
        }
    }

    /// <summary>Another run begins anew.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            (_content, _isChanged) = (_content with { Channels = [], Written = null }, true);
        }
    }

    /// <summary>Writes what isn't written yet.</summary>
    public void Write()
    {
        lock (_lock)
        {
            if (_isChanged)
            {
                WriteNow();
            }
        }
    }

    public void Delete() => File.Delete(_path);

    private void WriteNow()
    {
        var start = _clock.GetTimestamp();
        AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(_content, CheckpointJson.Readable.CheckpointContent));
        (_lastWrite, _written, _isChanged) = (_clock.GetElapsedTime(start), _clock.GetTimestamp(), false);
    }

    private static async Task<CheckpointContent?> ReadAsync(string path)
    {
        try
        {
            var stream = File.OpenRead(path);
            await using (stream.ConfigureAwait(false))
            {
                return await JsonSerializer.DeserializeAsync(stream, CheckpointJson.Readable.CheckpointContent).ConfigureAwait(false);
            }
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<InputMark> MarkAsync(string file)
    {
        var stream = File.OpenRead(file);
        await using (stream.ConfigureAwait(false))
        {
            var head = new byte[HeadBytes];
            var count = await stream.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false).ConfigureAwait(false);
            return new InputMark(stream.Length, File.GetLastWriteTimeUtc(file), Convert.ToHexString(SHA256.HashData(head.AsSpan(0, count))));
        }
    }
}

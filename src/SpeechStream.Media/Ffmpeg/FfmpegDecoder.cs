using System.Runtime.ExceptionServices;
using SpeechStream.Audio.Formats;
using SpeechStream.Media.Decoding;

namespace SpeechStream.Media.Ffmpeg;

/// <summary>What <c>ffmpeg</c> decodes, as a WAV of floats at the recording's own rate, which is converted as any other.</summary>
internal sealed class FfmpegDecoder : Decoder
{
    // Headers are rounded to packets, and codecs leave some of their delay.
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    // Their length is the time of their end, which is later than the audio when times jump.
    private static readonly string[] WithoutLength = ["MPEG-TS", "MPEG video", "Ogg"];

    private readonly string _format;
    private readonly string _container;
    private readonly string? _codec;
    private readonly ChildProcess _process;
    private readonly FileStream? _spool;
    private readonly FfmpegFacts _facts;
    private readonly AudioInput? _file;
    private readonly FollowerSearch _follower;
    private readonly Task _feeding;
    private readonly AudioInput _output;
    private readonly CancellationTokenSource _stop;
    private WaveDecoder? _wave;
    private string? _warning;
    private string? _cutOff;
    private bool _isFollowed;
    private Exception? _sourceFailure;

    private FfmpegDecoder(string format, ChildProcess process, FileStream? spool, FfmpegFacts facts, AudioInput recording, bool isFed, CancellationTokenSource stop)
    {
        // Such as "Vorbis in Ogg", or "Ogg without Opus or Speex".
        (_codec, _container) = format.Split(" in ") is [var codec, var container] ? (codec, container) : (null, format.Split(" without ")[0]);
        (_format, _process, _spool, _facts, _stop) = (format, process, spool, facts, stop);
        _output = new AudioInput(process.Output, stop.Token);
        _follower = new FollowerSearch(format, recording.Buffered.Span);
        _file = isFed || IsMp4(format) ? null : recording;
        _feeding = FeedAsync(isFed ? recording : null, process.Input);
    }

    public override AudioDescription Description => new()
    {
        Format = _container,
        Codec = _facts.Codec ?? _codec,
        SampleRate = _wave?.Description.SampleRate ?? 0,
        Channels = _wave?.Description.Channels ?? 0,
        BitsPerSample = _facts.BitsPerSample,
        Duration = _facts.Duration,
        DecodedBy = AudioDecoder.Ffmpeg,
    };

    public override IEnumerable<string> Warnings => ((string?[])[_cutOff, _isFollowed || _follower.IsFound ? Followed : null, _warning]).OfType<string>();

    /// <param name="found">What the first bytes say.</param>
    /// <param name="input">The recording; nothing of it is taken yet.</param>
    /// <param name="path">The file that it is in; null for a stream.</param>
    /// <param name="program">The path of <c>ffmpeg</c>; null to find it.</param>
    /// <param name="stop">Ends the program, and is canceled with it.</param>
    /// <exception cref="DecoderUnavailableException">There is no <c>ffmpeg</c>.</exception>
    /// <exception cref="ArgumentException"><c>ffmpeg</c> can't decode it.</exception>
    public static async Task<FfmpegDecoder> OpenAsync(AudioSignature found, AudioInput input, string? path, string? program, CancellationTokenSource stop)
    {
        program = FfmpegProgram.Find(program, found.Name, Environment.GetEnvironmentVariable("PATH"));
        var spool = path is null && await Spool.IsNeededAsync(found, input).ConfigureAwait(false) ? await Spool.CopyAsync(input).ConfigureAwait(false) : null;
        FfmpegDecoder? decoder = null;
        try
        {
            var file = path ?? spool?.Name;
            var facts = file is null ? FfmpegFacts.Unknown : await FfmpegFacts.ReadAsync(program, file, stop.Token).ConfigureAwait(false);
            var recording = spool is null ? input : await ReadAgainAsync(spool, stop).ConfigureAwait(false);
            var isFollowed = IsMp4(found.Name) && await Mp4Boxes.HaveAnotherAsync(recording).ConfigureAwait(false);
            var process = ChildProcess.Start(program, FfmpegProgram.DecodeArguments(file, found.Name, facts.AudioStart), stop.Token);
            decoder = new FfmpegDecoder(found.Name, process, spool, facts, recording, isFed: file is null, stop) { _isFollowed = isFollowed };
            await decoder.BeginAsync().ConfigureAwait(false);
            return decoder;
        }
        catch
        {
            if (decoder is not null)
            {
                await decoder.DisposeAsync().ConfigureAwait(false);
            }
            else if (spool is not null)
            {
                await spool.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    public override async IAsyncEnumerable<AudioBlock> DecodeAsync()
    {
        var blocks = _wave!.DecodeAsync().GetAsyncEnumerator(CancellationToken.None);
        var read = TimeSpan.Zero;
        while (await MoveNextAsync(blocks).ConfigureAwait(false))
        {
            read += TimeOf(blocks.Current);
            yield return blocks.Current;
        }

        var (exitCode, errors) = await EndAsync().ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw new IOException($"ffmpeg failed in the middle of the audio, with exit code {exitCode}: {errors}");
        }

        await SearchFileAsync().ConfigureAwait(false);
        _warning = errors.Length > 0 ? $"The audio is damaged, and some of it may be missing. ffmpeg says: {errors}" : null;
        _cutOff = _facts.AudioDuration - read is { } missing && missing > Rounding && !WithoutLength.Contains(_container) ? CutOff(read, missing) : null;
    }

    public override async ValueTask DisposeAsync()
    {
        // The source may be live, and never give or take anything again.
        await _stop.CancelAsync().ConfigureAwait(false);
        await _process.DisposeAsync().ConfigureAwait(false);
        await _feeding.ConfigureAwait(false);
        if (_spool is not null)
        {
            await _spool.DisposeAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async Task BeginAsync()
    {
        if (await _output.FillAsync(1).ConfigureAwait(false))
        {
            _wave = await WaveDecoder.TryOpenAsync(_output, targetRate: 0).ConfigureAwait(false);
            return;
        }

        var (_, errors) = await EndAsync().ConfigureAwait(false);

        // Without a sound track, ffmpeg complains about the arguments that it was given.
        var hasNone = errors.Length == 0 || errors.Contains("matches no streams", StringComparison.Ordinal);
        throw new ArgumentException($"The audio is {_format}, and ffmpeg can't decode it: {(hasNone ? "it has no audio in it" : errors)}. Check the recording, and what recorded it.");
    }

    /// <summary>A recording without a sample ends like a WAV without one. What <c>ffmpeg</c> says about it says more.</summary>
    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<AudioBlock> blocks)
    {
        try
        {
            return await blocks.MoveNextAsync().ConfigureAwait(false);
        }
        catch (ArgumentException)
        {
            var (_, errors) = await EndAsync().ConfigureAwait(false);
            throw new ArgumentException(
                $"The {_format} audio has no samples: 0 s of audio are in it.{(errors.Length > 0 ? $" ffmpeg says: {errors}." : "")} Check the recording, and what recorded it.");
        }
    }

    private static bool IsMp4(string format) => format == AudioSignature.Mp4.Name || format == AudioSignature.QuickTime.Name;

    private static async Task<AudioInput> ReadAgainAsync(FileStream spool, CancellationTokenSource stop)
    {
        spool.Position = 0;
        var input = new AudioInput(spool, stop.Token);
        await input.FillAsync(1).ConfigureAwait(false);
        return input;
    }

    /// <summary>A file of MP4, which may be a large video, tells by its boxes what is behind it.</summary>
    private async Task SearchFileAsync()
    {
        while (_file is not null && _follower.IsNeeded && await _file.FillAsync(1).ConfigureAwait(false))
        {
            _follower.Add(_file.Buffered.Span);
            _file.Take(_file.Buffered.Length);
        }
    }

    private static TimeSpan TimeOf(AudioBlock block) => TimeSpan.FromSeconds((double)block.Samples.Length / block.Channels / block.SampleRate);

    private async Task<(int ExitCode, string Errors)> EndAsync()
    {
        var end = await _process.WaitAsync().ConfigureAwait(false);
        _stop.Token.ThrowIfCancellationRequested();
        if (_sourceFailure is not null)
        {
            ExceptionDispatchInfo.Throw(_sourceFailure);
        }

        return end;
    }

    /// <summary>Gives the recording to the program, unless it reads a file. Never throws.</summary>
    private async Task FeedAsync(AudioInput? source, Stream program)
    {
        while (source is not null && await FillAsync(source).ConfigureAwait(false))
        {
            _follower.Add(source.Buffered.Span);
            if (!await WriteAsync(program, source.Buffered).ConfigureAwait(false))
            {
                break;
            }

            source.Take(source.Buffered.Length);
        }

        program.Close();
    }

    private async Task<bool> FillAsync(AudioInput source)
    {
        try
        {
            return await source.FillAsync(1).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _sourceFailure = exception;
            return false;
        }
    }

    private static async Task<bool> WriteAsync(Stream program, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await program.WriteAsync(bytes, CancellationToken.None).ConfigureAwait(false);
            await program.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (IOException)
        {
            // It has ended before its input: how, its exit code says.
            return false;
        }
    }
}

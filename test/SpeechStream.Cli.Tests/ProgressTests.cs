using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.Tests;

/// <summary>The bars as lines.</summary>
public sealed class ProgressTests
{
    [Fact]
    public void A_session_shows_its_position_speed_sentences_and_connection()
    {
        var clock = new ManualTimeProvider();
        var surroundings = new CommandLine { ErrorWidth = 100 }.Surroundings with { Clock = clock };
        using var progress = Progress.Start(new Screen(surroundings), surroundings, recordings: 3, TimeSpan.FromMinutes(80), isShown: true);
        const string name = "a/very/long/path/of/meeting.mp3";
        var session = progress.Begin(name, TimeSpan.FromMinutes(40), new ResumePoint(7, TimeSpan.FromMinutes(10)));
        session.Take(new TranscriptionStarted());
        session.Take(new SentenceEnd { Index = 8, Time = TimeSpan.FromMinutes(20) });
        clock.Advance(TimeSpan.FromMinutes(5));
        progress.End(isWhole: false);

        progress.Lines().Should().Equal(
            $"…{name[^23..]} ██████████░░░░░░░░░░ 20:00 of 40:00  2.0x  8 sentences  connected",
            "0 of 3 done, 1 failed    █████░░░░░░░░░░░░░░░ 20:00 of 1:20:00");
    }

    [Theory]
    [InlineData(60)]
    [InlineData(66)]
    [InlineData(67)]
    public void Times_of_hours_fit_into_the_terminal(int width)
    {
        var surroundings = new CommandLine { ErrorWidth = width }.Surroundings;
        using var progress = Progress.Start(new Screen(surroundings), surroundings, recordings: 2, TimeSpan.FromHours(20), isShown: true);

        progress.Lines().Should().ContainSingle().Which.Should().EndWith(" 00:00 of 20:00:00").And.Match(line => line.Length < width - "1:00:00".Length + "00:00".Length);
    }

    [Fact]
    public void Progress_fits_into_a_narrow_terminal_and_Chinese_names_keep_the_columns()
    {
        var surroundings = new CommandLine { ErrorWidth = 40 }.Surroundings;
        using var progress = Progress.Start(new Screen(surroundings), surroundings, recordings: 2, TimeSpan.FromMinutes(20), isShown: true);
        using var session = progress.Begin("/tmp/通话录音一二三.wav", TimeSpan.FromMinutes(20), default);
        session.Take(new SentenceEnd { Index = 1, Time = TimeSpan.FromMinutes(10) });

        progress.Lines()[0].Should().StartWith("…一二三.wav  ███░░░ 10:00 of 20:00  ");
        progress.Lines()[1].Should().Be("0 of 2 done  ███░░░ 10:00 of 20:00");
    }
}

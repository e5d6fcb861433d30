using System.Text;
using SpeechStream.AspNetCore.Messages;

namespace SpeechStream.AspNetCore.Tests;

/// <summary>What pages and viewers of other people read. Members may be added; what is here doesn't change within version 1.</summary>
public sealed class MessageTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<string, string> Shapes => new()
    {
        { Json(new SessionMessage("id", "key", 64000, Resumed: false, 16000, 131072)), """{"v":1,"type":"session","id":"id","key":"key","received":64000,"resumed":false,"rate":16000,"ahead":131072}""" },
        { Json(new SessionMessage("id", null, 0, Resumed: true, null)), """{"v":1,"type":"session","id":"id","received":0,"resumed":true}""" },
        { Json(new ReceivedMessage(3200)), """{"v":1,"type":"received","received":3200}""" },
        { Json(new SkippedMessage(3) { Seq = 7 }), """{"v":1,"type":"skipped","seq":7,"count":3}""" },
        { Json(new ReconnectMessage()), """{"v":1,"type":"reconnect"}""" },
        { Json(new ErrorMessage(415, "The audio is text.", Retry: false)), """{"v":1,"type":"error","status":415,"message":"The audio is text.","retry":false}""" },
        { Of(new SentenceBegin { Index = 1, Time = Second }), """{"v":1,"type":"interim","index":1,"begin":1000,"time":1000,"text":"","stable":""}""" },
        { Of(new TranscriptionResultChanged { Index = 1, Time = 2 * Second, Text = "你好 \"you\"", StableText = "你好" }), """{"v":1,"type":"interim","index":1,"begin":0,"time":2000,"text":"你好 \"you\"","stable":"你好"}""" },
        {
            Of(new SentenceEnd { Index = 1, BeginTime = Second, Time = TimeSpan.FromTicks(20_000_625), Text = "hello", RevisedStableText = true, Latency = Second / 4, Words = [new("hello", Second, 2 * Second)] }),
            """{"v":1,"type":"final","index":1,"begin":1000,"end":2000,"text":"hello","revised":true,"latency":250,"covered":2000.0625,"words":[{"text":"hello","begin":1000,"end":2000}]}"""
        },
        { Of(new SentenceEnd { Index = 1, Time = Second, Text = "hello" }), """{"v":1,"type":"final","index":1,"begin":0,"end":1000,"text":"hello","revised":false,"covered":1000}""" },
        { Of(new AudioGap { From = Second, To = 2 * Second }), """{"v":1,"type":"gap","from":1000,"to":2000}""" },
        { Of(new Reconnecting { Attempt = 2, Delay = Second / 2 }), """{"v":1,"type":"reconnecting","attempt":2,"delay":500}""" },
        { Of(new Reconnected { Outage = Second }), """{"v":1,"type":"reconnected","outage":1000}""" },
        { Of(new TranscriptionCompleted()), """{"v":1,"type":"completed","sentences":0}""" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Messages_have_the_documented_shape(string actual, string documented) => actual.Should().Be(documented);

    [Fact]
    public void The_page_is_told_to_keep_what_no_final_covers()
    {
        var messages = new EventMessages(default);
        messages.MessageOf(new SentenceBegin { Index = 1, Time = TimeSpan.Zero });
        messages.MessageOf(new SentenceBegin { Index = 2, Time = Second });

        // The next sentence has begun, before this one was final.
        Covered(messages, new SentenceEnd { Index = 1, Time = 2 * Second }).Should().Be(1000);
        Covered(messages, new SentenceEnd { Index = 2, BeginTime = Second, Time = 3 * Second, Stash = new() { Text = "and", BeginTime = 2.5 * Second } }).Should().Be(2500);
        Covered(messages, new SentenceEnd { Index = 3, BeginTime = 2.5 * Second, Time = 4 * Second, Stash = new() { Text = "and", BeginTime = TimeSpan.Zero } }).Should().Be(4000);
    }

    [Fact]
    public void An_overtaken_sentence_is_not_sent_again()
    {
        var messages = new EventMessages(default);
        messages.MessageOf(new SentenceBegin { Index = 1, Time = TimeSpan.Zero });

        Covered(messages, new SentenceEnd { Index = 2, BeginTime = Second, Time = 2 * Second }).Should().Be(2000, "sent again, it would bring the later one twice");
    }

    private static double Covered(EventMessages messages, SentenceEnd end) => ((FinalMessage)messages.MessageOf(end)!).Covered;

    private static string Of(TranscriptionEvent happened) => Json(new EventMessages(default).MessageOf(happened)!);

    private static string Json(ServerMessage message) => Encoding.UTF8.GetString(MessageJson.Write(message));
}

"""Small files of every format, written by hand after the tools' own documentation."""

from __future__ import annotations

from pathlib import Path

COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1542406176584,Sat Nov 17 05:09:36 WIB 2018,0,10,2,1,1,"More buses, fewer cars"
1542406176585,Sat Nov 17 05:09:37 WIB 2018,1,11,1,1,0,Plant trees
1542406176586,Sat Nov 17 05:09:38 WIB 2018,2,12,1,0,-1,"Say ""no""
to cars"
"""
VOTES = """timestamp,datetime,comment-id,voter-id,vote
1403054214196,Wed Jun 18,0,10,1
1403054214197,Wed Jun 18,0,11,1
1403054214198,Wed Jun 18,0,12,-1
1403054214199,Wed Jun 18,1,10,-1
1403054214200,Wed Jun 18,1,11,1
1403054214201,Wed Jun 18,2,12,1
1403054214202,Wed Jun 18,1,10,0
"""
MATRIX = """participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2
10,0,1,2,1,0,1,0,
11,1,1,2,2,0,1,1,
12,,1,2,1,1,-1,,1
"""
SUMMARY = """topic,Streets
url,https://example.org/1
voters,3
conversation-description,"What should
change?"
"""
POLIS = {"comments.csv": COMMENTS, "votes.csv": VOTES, "participants-votes.csv": MATRIX, "summary.csv": SUMMARY}
DECLARED = "vote-convention,agree=+1;disagree=-1;pass=0;format=polis-export/1\n"
FLAGGED = "".join(
    line + (",important" if row == 0 else f",{'1010111'[row - 1]}") + "\n"
    for row, line in enumerate(VOTES.splitlines())
)
IMPORTANCE = """participant,group-id,n-comments,n-votes,n-important,0,1,2
10,0,1,2,1,1,0,
11,1,1,2,1,0,1,
12,,1,2,2,1,,1
"""
SIDECAR = """{
 "format": "polis-export/1",
 "vote-convention": "agree=+1;disagree=-1;pass=0;format=polis-export/1",
 "vote": {"agree": 1, "disagree": -1, "pass": 0},
 "files": {"votes.csv": {"vote": "vote"}}
}
"""
POLIS_TODAY = {
    "comments.csv": COMMENTS,
    "votes.csv": FLAGGED,
    "participant-votes.csv": MATRIX,
    "participant-importance.csv": IMPORTANCE,
    "summary.csv": SUMMARY + DECLARED,
    "format.json": SIDECAR,
}

PROSE = ',user_id,data,label\n0,u1,I want more buses.,a\n1,u2,"Fewer cars, please.",b\n'
COMMENT_ROWS = "id,interview,comment\n1,Ann,More buses\n2,Ben,Fewer cars\n3,Ann,More trees\n"
QUALTRICS = (
    "StartDate,EndDate,Status,IPAddress,Progress,Duration (in seconds),Finished,RecordedDate,ResponseId,"
    "RecipientLastName,RecipientFirstName,RecipientEmail,ExternalReference,LocationLatitude,LocationLongitude,"
    "DistributionChannel,UserLanguage,Q1,Q2\n"
    "Start Date,End Date,Response Type,IP Address,Progress,Duration (in seconds),Finished,Recorded Date,Response ID,"
    "Recipient Last Name,Recipient First Name,Recipient Email,External Data Reference,Location Latitude,"
    'Location Longitude,Distribution Channel,User Language,"What should the city, or the county, change?",How sure?\n'
    + ",".join(f'"{{""ImportId"":""x{i}""}}"' for i in range(19))
    + "\n2024-01-01 10:00:00,2024-01-01 10:05:00,IP Address,192.0.2.7,100,300,True,2024-01-01 10:05:01,R_1,Smith,Ann,"
    "ann@example.org,,52.1,13.2,anonymous,EN,I want many more buses.,Very\n"
    "2024-01-01 11:00:00,2024-01-01 11:05:00,IP Address,192.0.2.8,100,300,True,2024-01-01 11:05:01,R_2,,,,,52.1,13.2,"
    "anonymous,EN,There are too many cars here.,Very\n"
    "2024-01-01 12:00:00,2024-01-01 12:05:00,Survey Preview,192.0.2.9,100,300,True,2024-01-01 12:05:01,R_3,,,,,52.1,"
    "13.2,preview,EN,This is only a test row.,Not\n"
)
GOOGLE = (
    "Timestamp,Email Address,What should change in your town?,Do you own a car?\n"
    '2024/01/01 10:00:00 AM GMT+1,ann@example.org,"More buses, and more often.",Yes\n'
    "2024/01/01 11:00:00 AM GMT+1,ben@example.org,Plant a tree in every street.,No\n"
)
LIMESURVEY = (
    '\ufeff"id","submitdate","lastpage","startlanguage","seed","token","ipaddr","G1Q1","G1Q2[SQ001]","interviewtime"\n'
    '"1","2024-01-01 10:00:00","2","en","77","abc","192.0.2.7","We need more buses here.","Y","33.1"\n'
    '"2","2024-01-01 11:00:00","2","en","78","abd","192.0.2.8","Please plant some more trees.","N","41.0"\n'
)
SURVEYMONKEY = (
    "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1,"
    "Do you agree?,,What would you change?\n"
    ",,,,,,,,,More buses,More parks,Open-Ended Response\n"
    "118001,4001,03/01/2024 09:00:00 AM,03/01/2024 09:05:00 AM,192.0.2.0,,,,,Agree,Disagree,I would open the pool\n"
    "118002,4001,03/01/2024 09:10:00 AM,03/01/2024 09:15:00 AM,192.0.2.1,,,,,Disagree,Agree,More benches in the park\n"
)
MICROSOFT = (
    "ID,Start time,Completion time,Email,Name,What matters most to you?,Pick your priorities,How satisfied are you?\n"
    "1,3/1/24 9:01:00,3/1/24 9:05:00,anonymous,,More money for the library,Housing;Transport;,5\n"
    "2,3/1/24 9:02:00,3/1/24 9:06:00,anonymous,,Safe roads for the kids,Transport;Parks;,4\n"
)
TYPEFORM = (
    "#,What do you use?,What would help you?,Submit Date (UTC)\n"
    ",What do you use?,What would help you?,Submit Date (UTC)\n"
    "r2w,Bus,I want a faster start,2020-03-11 23:44\n"
    "twg,Bike,Better paths for all bikes,2020-03-12 17:54\n"
)
TALLY = (
    "Submission ID,Respondent ID,Submitted at,What do you use?,What do you use? (Bus),What should change?\n"
    "a1,r1,2024-01-01,Bus,TRUE,More shade at the bus stops\n"
    "a2,r2,2024-01-01,Bike,FALSE,Free bikes for all pupils\n"
)
KOBO = (
    "start,end,What should change here?,_id,_uuid,_submission_time\n"
    "2024-01-01T09:00:00,2024-01-01T09:05:00,Clean water for every house,77,aa-bb,2024-01-01T09:06:00\n"
    "2024-01-01T10:00:00,2024-01-01T10:05:00,A nurse for our village,78,aa-bc,2024-01-01T10:06:00\n"
)
RATINGS = "participant,statement_id,rating\np1,s1,0\np1,s2,4\np2,s1,3\np2,s2,\n"
WIDE = "participant,s1,s2,s3\np1,1,-1,\np2,0,1,1\n"
REPEATS = """agent,statement,answer,cue,order,wave
p1,s1,1,1,1,1
p1,s1,1,-1,1,2
p1,s2,-1,0,-1,1
p2,s1,,1,,1
p2,s1,0,-1,-1,2
p2,s1,-1,1,1,3
"""
PABULIB = """META
key;value
description;Budget of a town
country;Poland
num_projects;3
num_votes;3
budget;1000
vote_type;approval
PROJECTS
project_id;cost;votes;name
1;600;2;Library
2;500;1;"Trees; many"
3;300;1;Benches
VOTES
voter_id;age;sex;vote
a;33;F;1,2
b;41;M;1
c;18;F;3
"""
SOC = """# FILE NAME: 00001-00000001.soc
# TITLE: Fruits
# DATA TYPE: soc
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 3
# NUMBER UNIQUE ORDERS: 2
# ALTERNATIVE NAME 1: Apple
# ALTERNATIVE NAME 2: Pear
# ALTERNATIVE NAME 3: Plum
2: 1,2,3
1: 3,1,2
"""
TOI = SOC.replace("soc", "toi").replace("2: 1,2,3", "2: 2,{1,3}").replace("1: 3,1,2", "1: 3")
CAT = """# FILE NAME: 00026-00000001.cat
# TITLE: Election
# DATA TYPE: cat
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 3
# NUMBER UNIQUE PREFERENCES: 2
# NUMBER CATEGORIES: 2
# CATEGORY NAME 1: Yes
# CATEGORY NAME 2: No
# ALTERNATIVE NAME 1: Apple
# ALTERNATIVE NAME 2: Pear
# ALTERNATIVE NAME 3: Plum
2: {1,2},3
1: {},{1,2,3}
"""
OLD_SOC = "3\n1,Apple\n2,Pear\n3,Plum\n3,3,2\n2,1,2,3\n1,3,1,2\n"
ABC = "description: a test\nprofile: [[0, 1], [1], []]\nnum_cand: 3\ncommitteesize: 2\nvoter_weights: [1, 2, 0.5]\n"

COMPARISONS = "participant,winner,loser\nann,tea,coffee\nann,tea,water\nbob,coffee,tea\nbob,coffee,water\n"

BLT = """3 2
# nobody else stood
-3
4 1 2 0
2 2=3 1 0
1 3 - 1 0
1 0
0
"Ada"
"Bo, the second"
"Cy"
"Board of the garden"
"""
CVOTES = """# Board of the garden
#/Candidates: Ada ; Bo ; Cy
#/Number of Seats: 2
#/Weight Allowed: true

Ada > Bo * 4
Bo = Cy > Ada ^2
x@example.org , paper || Cy > Ada # by post
/EMPTY/
"""
ABIF = """{"title": "Board of the garden"}
=A:[Ada]
=B:[Bo, the second]
# ballots
4:A>B
2:B=[Cy C.]>A
1:
"""
RANKS = "voter_id,rank1,rank2,rank3\na,Oak,Elm,\nb,Elm,Oak,Fir\nc,Fir,,Oak\nd,,,\n"
SCOTTISH = """3,2,
4,1,2,
2,2,3,1,
1,3,
"Candidate 1","Ada","Green (G)",
"Candidate 2","Bo","Blue (B)",
"Candidate 3","Cy","Red (R)",
"Hill Ward",
"""
VOTEKIT = """VoteKit RankProfile
Candidates
(Ada (Green):A),(Bo, the second:B),(Cy:C)
Max Ranking Length
2
Includes Voter Set
True
=,=,=
Ranking_1,Ranking_2,&,Weight,&,Voter Set
"{'B', 'C'}",{'A'},&,1.5,&,Chris,Peter
{'A'},,&,2.0,&
{},{'C'},&,1.0,&
"""

SINGLE = {
    "texts": PROSE,
    "comments": COMMENT_ROWS,
    "qualtrics": QUALTRICS,
    "google-forms": GOOGLE,
    "limesurvey": LIMESURVEY,
    "surveymonkey": SURVEYMONKEY,
    "microsoft-forms": MICROSOFT,
    "typeform": TYPEFORM,
    "tally": TALLY,
    "kobo": KOBO,
    "ratings": RATINGS,
    "ratings-wide": WIDE,
    "repeats": REPEATS,
    "comparisons": COMPARISONS,
    "pabulib": PABULIB,
    "preflib": SOC,
    "abcvoting": ABC,
    "blt": BLT,
    "cvotes": CVOTES,
    "abif": ABIF,
    "ranks": RANKS,
    "scottish": SCOTTISH,
    "votekit": VOTEKIT,
}
"""One sample of each format that is a single file, by the format's id."""


def polis_folder(folder: Path, **changed: str | bytes | None) -> Path:
    """A small conversation; ``comments=...`` changes a file, None leaves it out."""
    folder.mkdir(exist_ok=True)
    for name, text in POLIS.items():
        short = {"participants-votes.csv": "matrix"}.get(name, name.removesuffix(".csv"))
        new = changed.get(short, text)
        if new is not None:
            (folder / name).write_bytes(new if isinstance(new, bytes) else new.encode())
    return folder


def file_of(folder: Path, text: str | bytes, name: str = "file.txt") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path

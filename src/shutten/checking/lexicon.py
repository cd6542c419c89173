"""Words that mean much the same, and words that exclude each other, in Japanese and English.

Written for this project. A Japanese entry is a piece of writing that is looked for as it stands
(as a rule the kanji of a verb), an English one is a stem as `words.stem` makes it.
"""

from __future__ import annotations

_SYNONYMS = """
移転 移っ 移し 移る 引っ越 move relocat
始ま 始め 開始 開か 着手 起工 スタート start begin began commenc launch
終わ 終了 完了 終え 済ん finish end complet conclud
完成 竣工 出来上が 建て 建設 建造 造ら 築い 築か build construct complet erect creat
作ら 作っ 作る 製作 制作 製造 生産 造っ 作り作成 make manufactur produc creat build
亡くな 死亡 死去 命を落と 死ん 死者 犠牲 die death dead kill perish fatal
生まれ 誕生 出生 出身 born birth nativ
開業 開通 開店 開園 開館 開校 開設 オープン 開く 開き 開い 開か open inaugurat launch
閉鎖 閉店 閉園 閉校 廃止 廃業 閉め 閉ま 閉じ 廃線 close shut abolish discontinu
増え 増加 増や 伸び 増し 増大 拡大 increas ris grow rise grew climb expand more
減っ 減少 減り 減ら 減る 縮小 削減 低下 decreas fall fell drop declin reduc cut lower shrink fewer less
上昇 値上が 高騰 上が 引き上げ 値上げ 上げ raise ris rise increas hike higher climb
下落 値下が 引き下げ 下が 値下げ 下げ lower fall drop cut reduc decreas declin lower
延期 延び 遅れ 先送り 延ばさ postpon delay defer
採用 選ば 選ん 選定 選択 導入 adopt choos select chosen pick
可決 承認 認め 同意 採択 approv pass accept agree endors
否決 却下 拒否 退け 断っ 断り 拒ん 拒み reject refus declin turn deny
破っ 勝っ 勝利 下し 下した 優勝 制し defeat beat win victor overcam won
敗れ 負け 敗北 敗退 lose lost defeat beat
受け継 継い 継承 引き継 相続 inherit tak success
学ん 修め 専攻 学び 勉強 履修 study studi learn graduat
締め出 排除 外し 除外 削除 追放 禁止 ban exclud remov bar block
検出 見つか 発見 見つけ 確認 detect find discover found notic
確かめ 確認 実証 証明 検証 立証 confirm verif prov establish
見られ みられ 観察 観測 見ら 見える visibl see seen observ
続け 継続 持続 続い continu keep remain
働い 勤め 勤務 雇用 雇っ 従業員 社員 work employ job staff worker
払っ 支払 負担 出す 出し 拠出 pay paid cover spend cost
費用 経費 代金 料金 価格 値段 運賃 コスト 費 cost price fee expens far
無料 無償 ただ 参加費はかから 料金はかから 費用はかから free pay
中止 取りやめ 取り消 キャンセル 撤回 cancel call withdraw off
買収 買い 買っ 購入 取得 buy purchas acquir bought tak
売却 売っ 売り 売る 販売 発売 sell sold sale
発表 公表 明らか 公開 announc reveal publish report releas disclos unveil
述べ 語っ 話し 説明 言っ 話す 明かし 主張 指摘 コメント say said stat tell told explain remark claim
会議 会合 会談 協議 話し合 議論 交渉 meet confer discuss negotiat talk
目指 目標 狙い 意図 aim goal target intend seek plan
予定 計画 見込 見通 方針 plan schedul expect intend project
使わ 使用 利用 活用 使っ 用い 使い 使う use utiliz employ
再利用 くり返し使 繰り返し使 リサイクル recycl reus
建物 新館 館 庁舎 ビル build facilit
病院 医院 クリニック hospital clinic
医師 医者 ドクター doctor physician
教師 教員 先生 教諭 teacher instructor
生徒 児童 学生 pupil student schoolchild
子ども 子供 児童 こども child children kid
会社 企業 社 法人 company firm business corpor
工場 製造所 plant factor mill
会見 記者会見 conferenc
値 値段 price
仕事 職 業務 work job
支援 援助 助け 手助け サポート support help aid assist
与え 贈ら 授与 授け 渡さ 受賞 受け give gave award present grant receiv win
賞 prize award
重要 大切 主要 import key main significant
大きな 大きい 大型 大規模 巨大 large big huge major great
小さ 小型 小規模 small little minor tin
軽い 軽度 軽微 mild light slight
重い 重度 重症 sever seriou heav grav
速い 速く 高速 迅速 fast quick rapid speed
早い 早く early soon
古い 旧 昔 old former ancient
新しい 新た 新設 新型 新 new novel
懸念 不安 心配 恐れ おそれ 危惧 concern worr fear risk anxiet
原因 理由 ため よって 影響 caus reason becaus due
大半 大多数 ほとんど 多く 大部分 most major mostly larg
約 およそ ほぼ about approximat roughly
一部 幾つか いくつか 中には some sever
全員 全部 すべて 全て 全体 all every entir whole
毎年 年に一度 annual yearly year everi
場所 地点 現場 拠点 sit place locat spot point
位置 ある 所在 立地 建つ lie stand locat situat
備え 持つ 持っ 有する 所有 保有 所蔵 own have possess hold hous feature
含ま 含む 含め 入っ includ contain compris consist
構成 成る consist compris made
役割 役目 機能 担う role function serv
高さ 標高 海抜 高度 high height altitud elevat tall
長さ 全長 延長 long length
幅 横幅 wid width broad
深さ 深度 水深 deep depth
重さ 重量 重 weigh weight heav
広さ 面積 area size
速さ 速度 speed veloc
人口 住民 popul inhabit resid
入園者 来園者 入場者 来場者 観客 客 visitor guest audienc
減益 減収 loss
売上高 売上 収入 revenu sale turnover incom
利益 黒字 profit earn gain
参加 出場 出席 加わ 参加者 participat tak attend join part enter
開か 開催 行わ 実施 催さ held hold tak hos conduct carr
発生 起き 起こ 生じ occur happen tak
調査 研究 調べ 検査 survey investigat stud research examin inspect
設立 創業 創立 創設 設け 立ち上げ found establish creat set
創業者 創立者 設立者 founder
社長 経営者 最高経営責任者 トップ presid ceo head chief
市長 町長 首長 mayor
指導 率い 統率 指揮 lead led head direct
担当 責任者 charg responsib
引退 退職 辞任 退任 辞め 退い retir resign quit step leav
就任 任命 就い appoint nam becam tak
卒業 graduat
結婚 夫 妻 marri wife husband
兄弟 姉妹 sibl
電気 電力 electric power
供給 提供 供し supply suppli provid deliv offer
輸送 運ば 運搬 運ん 運び 運ぶ transport carri bring brought ship convey tak
置か 設置 据え 設け instal set plac put
展示 公開 陳列 exhibit display show
出版 刊行 発行 上梓 publish print issu releas
映画化 映画 film movi adapt
修復 改修 修理 補修 修繕 repair restor renovat refurbish
壊れ 破壊 損壊 destroy damag ruin wreck
焼失 火事 火災 燃え 焼け burn fire
沈没 沈ん sink sank sunk
衝突 ぶつか collid crash
出発 発つ 出る 発車 depart leav left
到着 着い 着く arriv reach
達し 達する 到達 のぼる のぼり 上り 記録 数え reach total amount record number
とどまる とどまっ 抑え limit
超え 上回 超す 超過 exceed surpass more over
下回 満た less below fewer
残っ 残り 残存 現存 生き残 remain surviv left
保存 保管 収蔵 保たれ keep kept preserv stor conserv
食べ 食事 摂取 eat eaten feed consum diet
飲 drink
書い 著し 執筆 書か writ wrote written author
描い 描か 絵 paint draw drawn depict
歌 唄 sing song
撮影 撮っ film shot photograph
育て 栽培 育成 飼育 grow cultivat rais breed grown
植え 植樹 plant
収穫 harvest
雨 降雨 rain
雪 降雪 snow
気温 温度 temperatur
鉄道 線路 列車 電車 railway train rail railroad
道路 道 road street highway
橋 橋梁 bridg
駅 停車場 station
港 harbour harbor port
空港 airport
船 船舶 連絡船 フェリー ship boat vessel ferri ferry
飛行機 航空機 plan aircraft airplan
自動車 車 クルマ car vehicl automobil
自転車 bicycl bike
図書館 librari library
博物館 資料館 museum
学校 校 school
大学 univers colleg
市 都市 city town municip
町 街 town
村 villag
県 prefectur
国 政府 state countr government nation
島 island isl
山 mountain mount
川 河川 river
湖 lake
海 sea ocean
海底 海の下 海中 undersea underwater subsea
森 森林 林 forest wood
木 樹木 tree
花 flower
鳥 bird
魚 fish
犬 dog
猫 cat
馬 hors
動物 animal
水 water
石 岩 stone rock
金 お金 資金 money fund
病気 疾患 病 diseas ill sick
薬 医薬品 drug medicin
患者 patient
警察 police
裁判 法廷 court trial
戦争 戦 war
選挙 投票 elect vote
票 vote
議会 council parliament assembl
法律 条例 法 law ordinanc act bill
税 tax
歴史 history histor
世界 world global
最初 初 初めて 第1 first initi origin
最後 最終 last final latest
最大 最も大き largest biggest greatest most
最古 oldest
毎日 日々 everi daily day
冬季 冬期 冬 winter
夏季 夏期 夏 summer
春季 春 spring
秋季 秋 autumn fall
未定 決まって 決定 decid undecid
韓国 south
毎週 weekly week everi
週末 weekend
平日 weekday
定休日 休み 休む 休業 close
来館 訪れ 訪問 visit
住ん 居住 暮らし 暮ら 住む 住み live resid dwell
若い 若者 young youth
女性 女 woman women femal
男性 男 man men mal
歩い 徒歩 walk foot
泳 swim
走 run ran
教え 指導 teach taught
学校給食 給食 lunch meal
協力 共同 提携 連携 cooperat collaborat partner joint jointly togeth
合併 統合 merg combin unif
分け 分割 分かれ divid split separat
禁じ 禁止 ban prohibit forbid forbidden
許可 許さ 認可 permit allow permiss licens
要求 求め 要請 demand ask request call requir
反対 異議 oppos object against
支持 賛成 support favor favour back
成功 達成 success succeed achiev accomplish
失敗 fail
負傷 けが 怪我 injur hurt wound
救助 救出 rescu sav
逮捕 捕ま 拘束 arrest detain captur
盗ま 盗難 steal stol theft
変わ 変化 変更 改め chang alter modif amend
変わら 維持 据え置 unchang remain keep
似 類似 similar resembl like
異な 違 differ
同じ 等し 同 same equal ident
簡単 容易 易し easy easi simpl
難し 困難 hard difficult difficulti
珍し まれ 稀 めった rare rarely seldom unusual uncommon
しばしば よく 頻繁 often frequent
常に いつも always constant
必要 要する 欠かせ need requir necessar essent
可能 できる でき can able possib capabl
改善 良く 向上 improv better enhanc
悪化 悪く worsen wors deteriorat
影響 effect affect influenc impact
副作用 side
効果 効き effect
警告 warn
許し forgiv
名 名前 氏名 name
呼ば 名付け 名称 呼ん call nam known dubb
有名 著名 知られ famous known well renown
父 父親 father
母 母親 mother
息子 son
娘 daughter
祖父 grandfather
祖母 grandmother
妹 姉 sister
弟 兄 brother
おじ 叔父 伯父 uncl
おば 叔母 伯母 aunt
妻 wife
夫 husband
社員 職員 employe staff
職人 craftsman artisan
農家 農民 farmer
漁師 漁業者 fisherman fisher
画家 painter artist
作家 小説家 著者 writer author novelist
科学者 研究者 学者 scientist research scholar
技術者 エンジニア engineer
記者 journalist report
兵士 soldier
中国 china chines
日本 japan japanes
韓国 korea korean
米国 アメリカ america american us usa united
英国 イギリス britain british uk
フランス 仏 france french
ドイツ german germany
イタリア ital italy
スペイン spain spanish
ロシア russia russian
インド india indian
ギリシャ greec greek
東京 tokyo
京都 kyoto
大阪 osaka
北海道 hokkaido
札幌 sapporo
北京 beij peking
救急車 ambulanc
消防 消火 fire firefight
祭り 祭典 フェスティバル 祭 festiv
大会 競技会 トーナメント tournament competit contest championship
試合 対戦 game match
決勝 決勝戦 final
選手 アスリート player athlet
監督 コーチ coach manager director
チーム 球団 クラブ team club
得点 点 score point goal
記録 新記録 record
優勝者 勝者 チャンピオン winner champion
観光客 旅行者 旅行客 訪問者 tourist visitor travel
観光 旅行 tour touris trip travel
宿泊 泊ま stay overnight lodg
旅館 ホテル 宿 宿屋 hotel inn
料理 食事 食べ物 メニュー dish food meal cuisin
飲食店 レストラン 食堂 料理店 restaur
店 店舗 商店 ショップ shop store
喫茶店 カフェ coffe cafe
市場 マーケット market
商品 製品 品物 品 product good item
客 顧客 利用者 ユーザー custom client user
従業員 職員 社員 スタッフ 働き手 employe staff worker
住民 市民 町民 村民 resid citizen inhabit peopl local
観客 聴衆 audienc spectat
参加者 出席者 particip attend
会員 メンバー 部員 隊員 member
代表 代表者 represent
専門家 識者 expert specialist
研究 調査 study research
実験 テスト 試験 experiment test trial
結果 成果 result outcom find
論文 研究論文 paper articl
証拠 根拠 eviden proof
方法 手法 やり方 method way approach
装置 機械 機器 器械 devic machin apparatus instrument equip mechan
部品 パーツ part compon
材料 素材 原料 materi ingredient
木製 木造 wooden wood timber
金属 metal
道具 用具 tool
容器 箱 入れ物 case box contain
模型 モデル model
写真 画像 photograph photo pictur imag
絵画 絵 painting pictur
楽器 instrument
楽団 オーケストラ orchestra
演奏 concert perform play
公演 上演 perform stage
演劇 劇 芝居 play drama theatr theater
作品 work
小説 物語 novel story
本 書籍 図書 書物 蔵書 book
新聞 newspap paper
放送 broadcast air
番組 program programm show
教育 educ
授業 講義 class lesson cours
試験 exam
会話 talk convers
手紙 letter
言語 言葉 ことば languag word
文字 letter charact
意味 mean
名称 呼び名 name
文化財 文化遺産 heritag
重要文化財 cultural
記念碑 慰霊碑 石碑 碑 monument memori
遺跡 史跡 ruin site
遺物 出土品 artefact artifact relic
城 城郭 castl
寺 寺院 お寺 templ
神社 shrine
教会 church
塔 タワー tower
門 gate
壁 wall
屋根 roof
床 floor
窓 window
庭 庭園 garden
公園 park
広場 squar plaza
建築 architectur build
建築家 設計者 architect design
設計 デザイン design plan
工事 建設 construct work
着工 起工 begin start
費用 総工費 工費 予算 cost expens budget
予算 budget
資金 財源 fund money financ
寄付 寄贈 donat gift gave give
補助 助成 subsid support grant
投資 invest
借金 負債 債務 debt loan
賃金 給料 給与 年収 月給 報酬 wage salari pay salary
値上げ 増額 rais increas
割引 値引き discount
価格 値段 料金 price
商売 事業 ビジネス business enterpris
輸出 export
輸入 import
農業 農作 farm agricultur
農場 農園 畑 farm field
米 稲 rice
野菜 vegetabl
果物 果実 fruit
肉 meat
卵 egg
牛 cow cattl
豚 pig
羊 sheep
鶏 ニワトリ chicken hen
昆虫 虫 insect
植物 草木 plant
種 種子 seed
葉 leaf leav
根 root
枝 branch
絶滅 滅 extinct
保護 守 守ら 守る 守り protect conserv preserv guard
環境 environ
気候 climat
天気 天候 weather
台風 typhoon
嵐 暴風 storm
風 wind
地震 earthquak quak
津波 tsunami
洪水 水害 浸水 氾濫 flood
火山 volcano
噴火 erupt
被害 損害 damag harm
避難 evacu
被災者 被害者 victim
事故 accident incident crash
爆発 explod explos
火災 火事 fire blaze
犯罪 crime
犯人 容疑者 suspect
罰金 fine penalti
刑務所 prison jail
弁護士 lawyer
判決 verdict rule ruling
訴え 提訴 訴訟 sue lawsuit
軍 軍隊 army militari forc troop
戦い 戦闘 battle fight
兵 兵士 soldier troop
武器 weapon arm
王 国王 king
女王 queen
皇帝 天皇 emperor
首相 総理 総理大臣 prime minist
大統領 president
大臣 閣僚 minist
政治家 politician
党 政党 parti
議員 lawmaker member councillor deput
政策 polici
改革 reform
条約 協定 treati agreement
合意 同意 agree agreement deal
交渉 negoti talk
独立 independ
首都 capit
国境 border
地域 地方 地区 区域 area region district
地元 現地 local
中心 中央 center centr central
郊外 suburb outskirt
海岸 沿岸 浜 coast shore beach
半島 peninsula
海峡 strait
湾 bay
谷 valley
丘 hill
砂漠 desert
北部 北側 北 north northern
南部 南側 南 south southern
東部 東側 東 east eastern
西部 西側 西 west western
隣 隣接 neighbour neighbor next adjacent
近く 付近 周辺 近郊 近い near close nearbi
遠く 離れ far away distant
向か 対岸 opposit across
前 正面 front
中 内部 insid within interior
外 外部 outsid
上 頂上 山頂 top summit peak
下 底 bottom
表面 surfac
地下 underground
空 sky
宇宙 space
月 moon
星 star
太陽 sun
地球 earth
惑星 planet
衛星 satellit
ロケット rocket
探査機 prob probe spacecraft
打ち上げ 発射 launch
着陸 land
飛行 飛ん 飛ぶ fly flew flight
速度 スピード 速さ 時速 speed
距離 distanc
時間 hour time
期間 period
期限 締め切り deadlin
日程 スケジュール schedul
時代 年代 era age period
世紀 centuri century
初期 early
後期 late
当時 then
現在 いま 今 目下 current now today present
将来 今後 未来 futur
以前 かつて 昔 former previous onc
長年 長い間 長く long
短期間 brief short
一時 一時的 temporari temporarili
永久 恒久 permanent
突然 急に 急 sudden abrupt
徐々に 次第に gradual slow
完全 すっかり complet total entir
部分 part
特に とりわけ particular especi
主に 主として main primari mostly chief
最も いちばん 一番 最 most
非常に とても 極めて かなり very highli extrem
少し わずか やや slight littl few
十分 足り enough suffici adequ
不足 足りな short lack shortag scarc
過剰 余 excess surplus
正確 精密 accurat precis exact
正しい right correct
誤り 間違 誤っ error mistak wrong
真実 本当 事実 true truth fact
秘密 極秘 secret
公式 正式 offici formal
個人 私的 privat person
公共 公 public
自然 natur natural
人工 artifici
伝統 traditional tradit
近代 現代 modern
古代 ancient
中世 mediev
美し きれい beauti
静か 穏やか quiet calm
人気 好評 popular
成長 発展 発達 develop growth grow
衰え 衰退 declin weaken
回復 復活 recov recover restor
復元 再現 reconstruct restor
再開 reopen resum restart
再建 rebuild reconstruct rebuilt
導入 採り入れ 取り入れ introduc adopt
開発 develop
発明 考案 invent devis
改良 改善 improv
交換 取り替え 入れ替え replac exchang swap
追加 加え 足し add
除去 取り除 remov
接続 つな 結ぶ 結び 結ん connect link join
囲 囲ま surround enclos
覆 覆わ cover
満た 満ち fill
流れ 流し 流れる flow
落ち 落下 fall drop
登 登山 climb ascend
降り 下り descend
入り 入っ 入る enter
出 出て leav left exit
集め 集まり 収集 採集 collect gather
配り 配布 配っ distribut hand
送り 送っ 送付 send sent
受け取 受領 receiv get got
運営 経営 管理 営 run oper manag
所属 属し 属する belong member
準備 用意 prepar
実験 experiment
測定 計測 測 measur
計算 算出 calculat comput
予測 予想 predict forecast expect
推定 見積も estimat
比較 比べ compar
示し 示す 表し indicat show
証言 testifi
批判 非難 critic criticis criticiz blam
称賛 賞賛 ほめ praise prais
歓迎 welcom
抗議 protest
デモ demonstr protest
ストライキ スト strike
解雇 dismiss fire laid layoff
採用 雇い hire recruit
応募 申し込 申請 appli apply
登録 regist
契約 contract
署名 調印 sign
命令 指示 order command
義務 oblig duti must
権利 right
自由 free freedom liberti
平等 equal
貧困 poverti poor
豊か rich wealth
健康 health healthi
治療 treat cure therapi
手術 oper surgeri
感染 infect
予防 prevent
ワクチン vaccin
睡眠 眠り 眠 sleep
運動 exercis sport
体重 weight
身長 height
心臓 heart
脳 brain
目 眼 eye
手 hand
足 脚 foot leg
血 血液 blood
骨 bone
年齢 歳 age
若年 young youth
高齢 高齢者 老人 お年寄り elder elderli old senior
赤ん坊 赤ちゃん 乳児 babi infant
家族 一家 famili
親 両親 parent
友人 友だち 友達 仲間 friend
恋人 lover
先祖 祖先 ancestor
子孫 descend
後継者 跡継ぎ successor
前任者 前任 predecessor
弟子 門下 pupil discipl student
同僚 仲間 colleagu
上司 boss superior
指導者 リーダー leader
創設者 創始者 founder
所有者 持ち主 オーナー owner
借り手 tenant
隣人 neighbour
外国人 foreign
移民 移住者 immigr migrant settler
難民 refuge
電話 phone telephon call
携帯電話 スマートフォン スマホ phone smartphon mobil
パソコン コンピューター コンピュータ 計算機 電算機 comput pc
ソフト ソフトウェア プログラム softwar program
インターネット ネット 通信網 internet net web onlin
ウェブサイト サイト ホームページ websit site page
データ 情報 data inform
人工知能 ai
ロボット robot
技術 テクノロジー technolog
電池 バッテリー batteri
燃料 fuel
石油 原油 oil petroleum
石炭 coal
ガス gas
発電 発電所 power generat
原子力 原発 nuclear
太陽光 ソーラー solar
風力 風車 wind turbin
排水 廃水 wastewat sewag
ごみ 廃棄物 ゴミ wast garbag rubbish trash
汚染 pollut contamin
水質 water
温泉 hot spring spa
海水浴 bath swim
スキー ski
野球 ベースボール basebal
サッカー フットボール footbal soccer
テニス tenni
将棋 shogi
囲碁 go
水泳 競泳 swim
マラソン marathon
自転車 bike bicycl cycl
バス bus
地下鉄 subway underground metro
路面電車 トラム 市電 tram streetcar
新幹線 shinkansen
高速道路 motorway expressway highway
トンネル tunnel
ダム dam
運河 canal
港湾 port
灯台 lighthous
駐車場 park lot
交通 輸送 transport traffic
渋滞 jam congest
運転手 ドライバー driver
乗客 passeng
切符 乗車券 チケット ticket
時刻表 ダイヤ timetabl
始発 first
終電 最終電車 last
窓口 counter
受付 recept
案内 guid
入口 入り口 玄関 entranc
出口 exit
階段 stair
エレベーター lift elev
部屋 室 room
台所 kitchen
家 住宅 住まい 家屋 民家 hous home
空き家 vacant empti
土地 land
賃貸 貸し rent
家賃 rent
上海 shanghai
手がけ 手掛け 担当 描い 描か 作っ 作成
世を去 亡くな 没し 死去 die dead
卒業 を出た を出て を出る 修了 graduat leav left
働い 働く 働き 勤め 勤務 work job employ
実用化 製品化 商品化 製品になる 製品にな sold sale market
見通し 見込 みられ 見られ 予想 予測 expect forecast predict
従来 これまで 以前 かつて earlier previous former
切っ 切る 下回 割り込 割っ below under
頼ん 頼む 注文 order
比べ 比較 より compar than
捜査 調べ 調査 investigat look examin probe
出火 火事 火災 火が出
低い 低く 小さい 小さく 薄い 少ない
毎年 年に1度 年に一度 年1回 年に1回 年一回 年ごと annual yearly
無人 人がおら 人がい 人のいな unman nobod unstaff
運転 動い 動か 稼働 作動 操業 run work operat
母親 母 産ん mother birth
父親 父 father
郵便 郵送 mail post
保た 保つ 残っ 維持 守られ keep kept retain preserv surviv maintain
色合い 色 色彩 colour color
古く 古い 老朽 ageing aging old
架け替え かけ替え 建て替え 付け替え replac rebuild rebuilt
据え置 変わら 変わりませ そのまま same unchang remain
訪れ 来場 来館 来園 入場 訪問 visit visitor
1位 首位 優勝 トップ win won winner first
準優勝 2位 second
閉ま 閉館 閉じ 終わ close
建て直 再建 建て替え rebuild rebuilt
不具合 異常 故障 欠陥 fault faulti defect
取りやめ 中止 中断 cancel abandon gave
止め 停止 中断 stop halt cut
少なく 少ない 少なか 減っ 減り 減ら 減少 fewer less lower down
多く 多い 多か 増え 増加 more higher up
引っ越し 引っ越 移転 移っ 移り move relocat
所蔵 蔵書 収蔵 holding stock hold collect
負傷 けが 怪我 けが人 負傷者 injur hurt harm
軽量 軽い 軽く light lighter
割合 比率 率 シェア share percentag proportion
海外 国外 外国 abroad foreign oversea
予約 予約制 book reserv
運賃 料金 fare fee
無料 無償 ただで 料金はかから free noth
未定 決まって 決め decid set
申し込み 応募 申請 apply appli applic
推薦 勧め recommend
反対 against oppos reject
理由 原因 ため よる きっかけ reason caus becaus due led lead why
提出 出し 出され submit
値段 価格 料金 費用 cost price
約束 誓っ promis pledg
辞任 辞め 退い 退任 離れ resign step leav quit
贈 寄贈 寄付 贈ら give gave donat receiv
買い 買っ 購入 買わ buy bought purchas
来た 来て やって来 到着 come came arriv
目的 狙い ため aim purpos
従事 携わ engag
中身 内容 content
改修 改装 改築 renovat refurbish
訴え 主張 求め sue claim demand
不満 不服 納得せ 納得でき
予定 つもり 意向 方針 計画 intend plan want due
期間 会期 period
伸び 延び 延長 extend
犠牲者 死者 亡くなった人 死んだ人 victim dead
始まり 起源 由来 始ま origin begin began start
発着 離着陸
詳細 詳し 細か detail
大幅 大きく 著し sharp signific
過去最多 最多 これまでで最も多 record most
過去最高 最高 これまでで最も高 record highest
調べた 調査した 分析 analys analyz
展望台 展望 lookout
飲酒 酒を飲 drunk alcohol
児童 小学生 pupil
昼食 昼ご飯 ランチ 弁当 lunch
夕食 晩ご飯 ディナー dinner
朝食 朝ご飯 breakfast
午後 昼過ぎ afternoon
深夜 真夜中 midnight
翌朝 次の日の朝
翌日 次の日 あくる日 next follow
前日 前の日 previou
隔年 2年に1度 2年ごと bienni
隔週 2週間に1度 2週間ごと fortnight
半分 半数 5割 half
倍増 2倍 倍に doubl twice
半減 半分に hal
横ばい 変わら ほぼ同じ unchang flat
急増 大幅に増 sharp soar surg
急落 大幅に下 plung
着手 始め 取りかか start begin began
完了 終え 済ませ finish complet
撤去 取り壊 解体 取り除 demolish tear torn pull remov
転居 移り住 引っ越 move
就く 就い 就任 着任 なった becom becam took
務め 担当 担っ 就い serv act
率い 指導 指揮 lead led head
育っ 育ち 成長 grew grow
逃げ 避難 逃れ flee fled escap evacu
亡命 逃れ exil
寝 眠 就寝 sleep
起床 起き wake woke
飾 装飾 decorat
招 招待 呼ん invit
賄 負担 出し pay paid cover fund
借り 賃借 rent borrow
貸し 賃貸 lend lent rent
割 分け 分割 split divid
閉じ込め 閉じ込 trap
見学 視察 見て回 tour visit view
取材 インタビュー interview
合意 同意 了承 agre agreement
拒否 拒ん 断っ refus reject declin
疑 疑い suspect doubt
認め 認 admit acknowledg recogn
否定 否認 deny denied
隠 隠し hid hidden conceal
壊れ 損傷 破損 damag broken
修正 訂正 直し correct fix amend
更新 塗り替え 改訂 updat renew
配布 配っ 配ら 配る hand distribut
無くな なくな 消え 失わ lost disappear vanish
見落と 見逃 overlook miss
乗り換え 乗り継 chang transfer connect
渡 横断 cross
通行 通れ 通る 通り pass
営業 開いて 開店 open
休業 休み 休む 閉まって 休館 休園 定休 close shut
"""

_CONTRASTS = """
増え 増加 増や 伸び 増し 増大 増の 増で 増と 倍増 increas grew grow rose ris rais more higher climb rise gain | 減っ 減少 減り 減ら 減る 縮小 低下 減の 減で 半減 decreas fell fall drop declin reduc cut lower fewer less shrink shrank
上昇 値上が 高騰 上がっ 引き上げ 値上げ 上げた 上げる | 下落 値下が 引き下げ 下がっ 値下げ 急落 下げた 下げる
拡大 拡張 拡げ expand enlarg widen | 縮小 縮め 狭め shrink narrow
黒字 profit 増益 | 赤字 loss 減益
増収 | 減収
延期 遅らせ 遅れ 遅く 先送り 延び postpon delay later late | 早め 早ま 前倒し 繰り上げ 早く earlier early advanc
開始 始ま 始め 着手 start begin began | 終了 終わ 終え 完了 end finish ceas
開業 開通 開店 開園 開館 開校 開設 open | 廃止 閉鎖 閉店 閉園 閉館 閉校 廃業 廃線 閉ま 閉ざ close shut abolish
継続 続け 続行 continu | 中止 打ち切 取りやめ 停止 中断 stop halt discontinu cancel suspend
賛成 支持 favour favor support | 反対 不支持 oppos against
可決 承認 認可 採択 採用 了承 approv adopt pass accept | 否決 却下 不採用 拒否 不承認 reject refus turn
認め 肯定 confirm admit acknowledg | 否定 否認 打ち消 deny deni denied
許可 許し 認め 解禁 allow permit legal | 禁止 禁じ ban prohibit forbid forbidden illeg
成功 succeed success | 失敗 fail failur unsuccess
合格 及第 pass | 不合格 落第 fail
当選 elect won | 落選 lost defeat
有罪 guilt | 無罪 innoc acquit
無料 無償 ただで free | 有料 有償
勝っ 勝利 優勝 破っ 破り 下した win won victor beat defeat | 敗れ 負け 敗北 敗退 逃し 準優勝 lose lost
受賞 最優秀 | 逃し
最大 largest biggest greatest | 最小 smallest
最高 highest | 最低 lowest
最多 most | 最少 fewest least
最も多 | 最も少な
最も高 | 最も低
最も大き | 最も小さ
最も古 最古 oldest earliest | 最も新し 最新 newest latest
最長 最も長 longest | 最短 最も短 shortest
最深 deepest deep | 最浅 shallow shallowest
最初 first | 最後 最終 last final
高い 高く 高かっ 高さが high higher tall taller expensiv | 低い 低く 低かっ 安い 安く 安かっ low lower short shorter cheap cheaper
長い 長く long longer | 短い 短く 短か short shorter brief
大きい 大きな 大きく 大型 large larger big bigger | 小さい 小さな 小さく 小型 small smaller
多い 多く 多か | 少ない 少なく 少なか
深い 深く deep deeper | 浅い 浅く shallow shallower
重い 重く 重度 重症 重大 heav heavy heavier sever seriou | 軽い 軽く 軽度 軽微 軽症 light lighter mild slight
強い 強く 強ま 強か strong stronger | 弱い 弱く 弱ま 弱か weak weaker
速い 速く fast faster | 遅い 遅く slow slower
早い 早く 早か | 遅い 遅く 遅か
広い 広く wid wide wider broad | 狭い 狭く narrow narrower
厚い thick thicker | 薄い thin thinner
暑い 暖か 温か 熱い hot hotter warm warmer | 寒い 涼し 冷た cold colder cool cooler
乾 dry drier | 湿 wet wetter humid
新しい 新た 新型 new newer newest | 古い 旧型 old older oldest これまでの 従来の 以前の 旧来の earlier previous former
若い young younger youngest | 年老い 高齢 old older elder oldest
簡単 容易 easy easi easier simple | 難し 困難 hard difficult harder
安全 safe | 危険 danger unsaf
豊か rich wealthi | 貧し poor
明る bright light | 暗 dark
良く 改善 向上 improv better best | 悪く 悪化 低下 worsen wors deteriorat worst
都会 都市部 urban | 田舎 農村 rural
国内 domest | 国外 海外 foreign abroad oversea
公立 国立 県立 市立 public | 私立 privat
国の | 県の | 市の
県は | 市は | 国は | 町は | 村は
県議会 | 市議会 | 町議会 | 国会
屋内 室内 indoor | 屋外 野外 outdoor
輸出 export | 輸入 import
売却 販売 売っ sold sell sale | 購入 買収 買っ 買い 取得 bought buy purchas acquir
収入 歳入 incom revenu | 支出 歳出 expens spend
需要 demand | 供給 supply suppli
貸し 貸出 lend lent | 借り 借入 borrow
入学 入社 入場 入園 enter join | 卒業 退社 退学 graduat
就任 appoint | 辞任 退任 resign
出発 depart departur | 到着 arriv arrival
生まれ 誕生 born | 亡くな 死去 死亡 没し die died death
税込み 税込 | 税抜き 税抜 税別
前半 first-half | 後半 second-half
上旬 | 中旬 | 下旬
平日 weekday | 週末 休日 weekend
昼 日中 daytime | 夜 夜間 night
朝 morning | 夕 夕方 晩 evening | 正午 noon | 夜 night
春 spring | 夏 summer | 秋 autumn fall | 冬 winter
月曜 monday mondays | 火曜 tuesday tuesdays | 水曜 wednesday wednesdays | 木曜 thursday thursdays | 金曜 friday fridays | 土曜 saturday saturdays | 日曜 sunday sundays
毎日 daily | 毎週 weekly | 毎月 monthly | 毎年 年に一度 yearly annual annually
昨日 yesterday | 今日 本日 today | 明日 tomorrow
昨年 去年 | 一昨年 | 今年 | 来年
先月 | 今月 | 来月
先週 | 今週 | 来週
東側 東部 eastern east | 西側 西部 western west | 南側 南部 southern south | 北側 北部 northern north
左 left | 右 right
上流 upstream | 下流 downstream
内側 insid interior inner | 外側 outsid exterior outer
海側 | 山側
地上 above | 地下 underground below
赤い 赤色 赤の red | 青い 青色 青の blue | 緑の 緑色 green | 黄色 yellow | 黒い 黒色 黒の black | 白い 白色 白の white
男性 男子 men man male males | 女性 女子 women woman female females
父 父親 father | 母 母親 mother | 祖父 grandfather | 祖母 grandmother | 息子 son | 娘 daughter
兄 | 弟 | 姉 | 妹
brother | sister
おじ 叔父 伯父 uncle | おば 叔母 伯母 aunt | 父 father | 母 mother
夫 husband | 妻 wife
社長 | 会長 | 副社長 | 工場長 | 部長
知事 | 市長 | 議長 | 町長 | 首相 | 大統領
上司 | 部下
教師 教員 teacher | 生徒 児童 学生 pupil student
医師 doctor | 看護師 nurs nurse | 患者 patient
小学校 小学生 elementary primary | 中学校 中学生 | 高校 高校生 | 大学 大学生 university
大人 成人 adult | 子ども 子供 小児 child children
親会社 parent | 子会社 subsidiary
被告 defendant | 原告 plaintiff
木製 木造 wooden wood timber | 石造 石 stone | 金属製 金属 metal metallic | 鉄製 鉄骨 iron steel | コンクリート concret concrete | れんが brick | ガラス製 glass | 紙製 | 布製 | 青銅 bronze | 銅製 copper | プラスチック plastic | 金製 gold | 銀製 silver
りんご リンゴ apple | なし 梨 pear | もも 桃 peach | みかん orange | ぶどう grape | cherry
茶 tea | コーヒー coffe coffee | 牛乳 milk | 酒 酒類 wine beer
冷蔵庫 refrigerator | 洗濯機 | 掃除機 | 電子レンジ | テレビ television
英語 english | 中国語 chinese | フランス語 french | ドイツ語 german | スペイン語 spanish | 日本語 japanese
太陽光 solar | 風力 wind | 水力 hydro hydroelectric | 原子力 nuclear | 地熱 geothermal | 火力 coal
小麦 wheat | 米 rice | 大麦 barley | とうもろこし maize corn
しばしば よく 頻繁 often frequent frequently | まれ 稀 めったに rarely seldom | always 常に いつも | never 決して | sometimes 時々 ときどき
certain definit 確実 必ず | possib possible 可能性
増加率 | 減少率
過半数 | 少数
賛成多数 | 全会一致 unanim unanimous | 僅差
一部 some | 全部 全体 全員 すべて 全て all every entire | 大半 大部分 most
個人 individual | 団体 group
有人 manned | 無人 unmanned
有害 harmful | 無害 harmless
合法 legal | 違法 illegal
味方 ally | 敵 enemy
先 | 後
昇格 promot | 降格 relegat
改善 | 悪化
楽観 optimist | 悲観 pessimist
独立 independ | 併合 annex
勧め 推奨 recommend | 控える 避け avoid
強制 義務 mandatory compulsory obligatory must | 任意 自由 optional voluntary
無事 | 行方不明
生存 surviv alive | 死亡 dead killed
与党 ruling | 野党 opposition
陸 陸上 land | 海上 sea | 空 air
単独 solo alone | 共同 jointly together
開いて open | 閉じて close
直接 direct directly | 間接 indirect indirectly
手動 manual manually | 自動 automatic automatically
同じ same | 異な 別の different
の前 前に 以前 までに 前から before until | の後 のあと 後に 以降 以後 after since
follow | against
up | down
戦前 | 戦中 | 戦後
長男 | 次男 | 長女 | 次女
会長 chair chairman president | 書記 secretary | 会計 treasurer | 顧問 advisor
半額 | 全額
受け入れ accept | 不服 appeal
"""


def _rows(table: str) -> list[str]:
    return [line for line in table.strip().splitlines() if line.strip()]


SYNONYMS: tuple[tuple[str, ...], ...] = tuple(tuple(row.split()) for row in _rows(_SYNONYMS))
"""Groups of words of which one may stand for another."""

CONTRASTS: tuple[tuple[tuple[str, ...], ...], ...] = tuple(
    tuple(tuple(member.split()) for member in row.split("|")) for row in _rows(_CONTRASTS)
)
"""Sets of alternatives; where a sentence has one of them, a claim must not have another."""
